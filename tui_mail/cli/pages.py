"""What each command is, takes and does: argument parser, `--help`, man page and completions are made from it."""

from __future__ import annotations

from .manual import Operand, Option, Options, Page, Rows, Text

HELP = Option("--help", "this page", short="-h")
CONFIG_FILE = Option("--config", "use this configuration", "FILE", kind="file")
FOLDER = Option("--folder", "a folder by name or role (sent, archive); without it, INBOX", "NAME")
ACCOUNT = Option("--account", "name in [accounts.NAME], or address; without it, the first", "NAME")
OFFLINE = Option("--offline", "read what is stored here, ask no server")
JSON = Option("--json", "JSON instead of text")
LIMIT = Option("--limit", "at most so many, the newest (50; 0 is all)", "N", kind="number")
QUERY = Option("--query", "only what matches; tui-mail search --help has the words", "QUERY")
_WAIT = """\
What is new is fetched first, unless --offline says not to. While the program itself is
running, its store is read, which it keeps up to date. A server that is silent for
30 seconds, a wrong password and the like are a sentence and exit code 1."""

MAIN = Page(
    "",
    "the mail client for people who live in a terminal.",
    examples=(
        ("tui-mail", "read, file, answer and write mail"),
        ("tui-mail demo", "the same on a made-up mailbox; nothing of yours is touched"),
    ),
    parts=(
        Rows(
            "From the shell (each with its own --help)",
            (
                ("tui-mail send", "send one letter"),
                ("tui-mail compose", "open the program on a new letter, or on a mailto address"),
                ("tui-mail contacts", "whom you write to: list, import and export vCards"),
                ("tui-mail outbox", "what waits to go out, what went, what was said"),
                ("tui-mail list", "what stands in a folder"),
                ("tui-mail read", "one message, or the latest"),
                ("tui-mail search", "find messages in all folders of all accounts"),
                ("tui-mail export", "a folder as JSON, mbox, Maildir or files"),
                ("tui-mail import", "mail from an mbox, a Maildir or .eml files"),
                ("tui-mail sync", "bring all mail up to date, without a screen"),
                ("tui-mail doctor", "what is right and what is not, step by step"),
                ("tui-mail render", "letters that are files, as the reader would show them"),
                ("tui-mail config", "where the configuration is, what holds, whether it is right"),
            ),
        ),
        Options(
            "Options",
            (
                Option("--config", "use this configuration; data and state live in its folder", "FILE", kind="file"),
                Option("--version", "the version; with -v also where configuration, data and log are", short="-V"),
                Option("--verbose", "with --version", short="-v"),
                Option("--help", "this page; each command has its own", short="-h"),
            ),
        ),
        Text(
            heading="The first time",
            words="""\
tui-mail demo            look around; ? lists the keys, q leaves
tui-mail                 asks for address and password, and tries them
Or write an account into config.toml (tui-mail config path says where it is):

    [accounts.work]
    name = "Ann Example"
    address = "ann@example.org"
    imap = { host = "imap.example.org", port = 993, security = "tls" }
    smtp = { host = "smtp.example.org", port = 465, security = "tls" }

The password comes from password_command = ["pass", "show", "mail/work"], from the
system's keyring, or is asked for in each run. It never stands in the file.""",
        ),
        Rows(
            "Environment",
            (
                ("TUI_MAIL_DATA", "a folder for mail, state and log, instead of the usual ones"),
                ("VISUAL, EDITOR", "the editor behind ^O while writing"),
            ),
        ),
        Text("0 done   1 failed   2 usage or configuration   130 interrupted", "Exit codes"),
    ),
)

DEMO = Page(
    "demo",
    "the program on a made-up mailbox.",
    examples=(("tui-mail demo", ""), ("tui-mail demo --messages 100000", "")),
    parts=(
        Text("""\
Starts a small mail server on this machine, with some 300 messages, and opens the
program on it. What you send arrives; some of the people there answer. Your own
configuration and mail are not touched, and nothing is left behind."""),
        Options(
            "Options",
            (
                Option("--messages", "so many messages in all; a million is fine", "N", kind="number"),
                HELP,
            ),
        ),
    ),
)

SEND = Page(
    "send",
    "send one letter, and wait until the server took it and Sent has it.",
    examples=(
        ('tui-mail send --to bob@example.net --subject "Minutes" --attach minutes.pdf < text', ""),
        ('tui-mail send --to bob@example.net --subject Hello --body "See you at six." --trace', ""),
        ('tui-mail send --to bob@example.net --subject Plan --encrypt --at "monday 8" < plan', ""),
    ),
    parts=(
        Options(
            "The letter",
            (
                Option(
                    "--to", "may stand several times, or hold several with commas", "ADDRESS",
                    required=True, repeats=True,
                ),
                Option("--cc", "a copy", "ADDRESS", repeats=True),
                Option("--bcc", "a copy that the others do not see", "ADDRESS", repeats=True),
                Option("--subject", "", "TEXT", required=True),
                Option("--body", "the text; without it, standard input is the text (UTF-8)", "TEXT"),
                Option("--attach", "may stand several times", "FILE", kind="file", repeats=True),
                Option("--markdown", "the text is Markdown: it goes as text and as HTML"),
            ),
        ),
        Options(
            "How",
            (
                Option(
                    "--from",
                    "the name in [accounts.NAME], or one of its addresses;\nwithout it, the first one",
                    "ACCOUNT",
                ),
                Option("--sign", "sign it with your own key, by your own gpg"),
                Option("--encrypt", "encrypt it to all recipients, or send nothing"),
                Option("--clear", "neither, whatever the configuration says"),
                Option(
                    "--at",
                    "when it shall go: “tomorrow 9”, “in 2 hours”, “24 dec”;\nthe outbox keeps it until then",
                    "WHEN",
                ),
                Option(
                    "--trace",
                    "print the dialogue with the server as it happens, → ours and\n← the server's, secrets masked",
                ),
                CONFIG_FILE,
                HELP,
            ),
        ),
        Text("""\
If the server refuses one recipient, nothing is sent. If the connection is lost after
the last byte, the program says that it does not know, and never sends again by itself.
A letter with --at goes when tui-mail, or tui-mail outbox --send, runs after that time.
Where gpg is given no passphrase, nothing is sent."""),
        Text("0 sent and filed   1 failed   2 usage or configuration   130 interrupted", "Exit codes"),
    ),
)  # fmt: skip

OUTBOX = Page(
    "outbox",
    "what waits to go out and what went; the dialogue of a letter.",
    examples=(
        ("tui-mail outbox", "every letter that waits, and those of the last week"),
        ("tui-mail outbox --trace 12", "what was said with the server about letter 12"),
        ("tui-mail outbox --send", "send now what is due, without the screens"),
    ),
    parts=(
        Options(
            "Options",
            (
                Option("--trace", "print the dialogue of a letter, as tui-mail send --trace does", "ID", kind="number"),
                Option("--send", "hand over what is due and file the copies, then end"),
                JSON,
                CONFIG_FILE,
                HELP,
            ),
        ),
        Text("""\
A letter is in one of these states: waiting, sending, sent (taken; its copy is still to
be filed), refused, unknown (it may have gone out; only you send it again), bounced (it
came back), done (filed in Sent). The last three dialogues of a letter are kept."""),
        Text("0 done   1 failed, or not all was sent   2 usage or configuration   130 interrupted", "Exit codes"),
    ),
)

COMPOSE = Page(
    "compose",
    "the program with a letter open; nothing is sent before you say so.",
    examples=(
        ("tui-mail compose bob@example.net", ""),
        ("tui-mail compose --template invoice bob@example.net --attach invoice.pdf", ""),
        ("tui-mail 'mailto:bob@example.net?subject=Lunch'", "what a browser hands over"),
    ),
    parts=(
        Options(
            "The letter",
            (
                Option("--cc", "a copy", "ADDRESS", repeats=True),
                Option("--subject", "", "TEXT"),
                Option("--body", "how the text begins", "TEXT"),
                Option("--attach", "may stand several times", "FILE", kind="file", repeats=True),
                Option("--template", "a file of the templates folder ([compose] templates)", "NAME"),
                Option("--from", "the name in [accounts.NAME]; without it, the first one", "ACCOUNT"),
            ),
        ),
        Options("How", (CONFIG_FILE, HELP)),
        Text("""\
A mailto address fills in To, Cc, Subject and the text; a Bcc or a file that it names is
left out. {{first_name}}, {{last_name}}, {{name}}, {{email}}, {{date}}, {{my_name}} and
{{my_email}} in a template are filled in from the first recipient and from you."""),
    ),
    operands=(Operand("ADDRESS", optional=True, repeats=True),),
)

CONTACTS = Page(
    "contacts",
    "whom you write to, as a list and as vCards.",
    examples=(
        ("tui-mail contacts import people.vcf", ""),
        ("tui-mail contacts export > people.vcf", ""),
        ("tui-mail contacts list --json", ""),
    ),
    parts=(
        Options("How", (JSON, CONFIG_FILE, HELP)),
        Text("""\
Without FILE, standard input and output are used. An export overwrites no file. People are
learned from what you send; what you import or edit is never changed by that."""),
    ),
    operands=(Operand("WHAT", choices=("list", "import", "export")), Operand("FILE", kind="file", optional=True)),
)

LIST = Page(
    "list",
    "what stands in a folder, newest first.",
    examples=(
        ("tui-mail list", ""),
        ('tui-mail list --folder Archive --query "from:ann is:unread" --json', ""),
    ),
    parts=(
        Options(
            "What",
            (
                FOLDER,
                QUERY,
                LIMIT,
                ACCOUNT,
            ),
        ),
        Options("How", (JSON, OFFLINE, CONFIG_FILE, HELP)),
        Text(
            heading="What is printed",
            words="""\
A message a line: N new, * starred, r replied, @ attachment, then id, date, folder,
sender, recipients, subject, size and attachments; a narrow terminal shows less.
The id is what tui-mail read takes; it stays the same wherever the message moves.""",
        ),
        Text(
            heading="JSON",
            words="""\
A list of objects: id, account, folder, date (ISO 8601 with zone), from, to (list),
subject, flags (list, as on the server), size (octets), attachments (list of names;
null where there are some whose names are not known here yet).""",
        ),
        Text(_WAIT),
        Text("0 done   1 failed   2 usage or configuration   130 interrupted", "Exit codes"),
    ),
)

READ = Page(
    "read",
    "one message as text.",
    operands=(Operand("ID"),),
    examples=(
        ("tui-mail read latest", "the newest message in the inbox"),
        ("tui-mail read 4294967301 --headers", "an id as tui-mail list prints it"),
        ("tui-mail read latest --raw > mail.eml", ""),
    ),
    parts=(
        Options(
            "What",
            (
                Option("--folder", "with latest: the newest of this folder", "NAME"),
                Option("--account", "with latest: of this account; without it, the first one", "NAME"),
            ),
        ),
        Options(
            "How",
            (
                Option("--headers", "all header fields, not only the usual ones"),
                Option("--raw", "the message as the server has it, octet by octet"),
                Option("--json", "an object as in tui-mail list --json, with cc, body and\nattachments; headers too"),
                OFFLINE,
                CONFIG_FILE,
                HELP,
            ),
        ),
        Text("Reading here marks nothing as read.\n" + _WAIT),
        Text("0 done   1 failed   2 usage or configuration   130 interrupted", "Exit codes"),
    ),
)

SEARCH = Page(
    "search",
    "find messages in all folders of all accounts.",
    operands=(Operand("QUERY"),),
    examples=(
        ("tui-mail search 'invoice from:ann after:2026-01'", ""),
        ("""tui-mail search '"whole phrase" has:attachment -from:bob' --json""", ""),
    ),
    parts=(
        Rows(
            "Words of a query; all of them must hold, - before one means not",
            (
                ("word, \"a phrase\"", "in people, subject or text; a word may go on"),
                ("from: to: subject: body:", "there"),
                ("is:unread is:starred", "also is:read, is:answered, is:later"),
                ("waiting:3d", "sent so long ago and not answered"),
                ("has:attachment", ""),
                ("before: after:", "a day: 2026-11-23, 2026-11 or 2026"),
                ("in:", "a folder by its name or role; else all but Trash and Junk"),
                ("account:", "an account by its name"),
            ),
        ),
        Options("What", (LIMIT, Option("--account", "only this account", "NAME"))),
        Options("How", (JSON, OFFLINE, CONFIG_FILE, HELP)),
        Text("""\
Headers of all messages are searched, and the text of those that are kept here
(sync.keep in the configuration); what is missing of them is fetched first. A message
that stands in several folders is there once. Printed as by tui-mail list."""),
        Text(_WAIT),
        Text("0 done   1 failed   2 usage or configuration   130 interrupted", "Exit codes"),
    ),
)  # fmt: skip

RENDER = Page(
    "render",
    "letters that are files, as the reader would show them.",
    operands=(Operand("PATH", kind="file", repeats=True),),
    examples=(
        ("tui-mail render mail.eml", ""),
        ("tui-mail render --json ~/letters | jq -r .subject", "a folder: all files in it"),
    ),
    parts=(
        Options(
            "How",
            (
                Option("--width", "break lines at so many cells (20 to 1000)", "N", kind="number"),
                Option("--json", "an object a line and file instead of text"),
                HELP,
            ),
        ),
        Text(
            heading="JSON",
            words="""\
file, subject, from, to, cc (lists of name and email), date (ISO 8601 in UTC, or null),
list (the entry in a list), headers, text, links (what is shown, where it leads),
attachments (name, type, size), notes (what was repaired, hidden or is suspicious).""",
        ),
        Text("""\
Nothing is asked of any server, and no configuration is read. Long quotes are open. A
file that cannot be read is a note in its place."""),
        Text("0 done   1 a file could not be read   2 usage   130 interrupted", "Exit codes"),
    ),
)

FORMATS = ("json", "eml", "mbox", "maildir")

EXPORT = Page(
    "export",
    "a folder, or what matches in it, as JSON, mbox, Maildir or single files.",
    examples=(
        ("tui-mail export --format json -o inbox.json", ""),
        ("tui-mail export --folder Sent --query after:2026 --format mbox -o sent.mbox", ""),
    ),
    parts=(
        Options(
            "What",
            (
                FOLDER,
                QUERY,
                ACCOUNT,
            ),
        ),
        Options(
            "Where to",
            (
                Option("--format", "json, mbox (a file), eml or maildir (a folder)", "FORMAT",
                       choices=FORMATS, required=True),
                Option("--output", "the file or folder to make", "PATH", short="-o", kind="file", required=True),
                Option("--force", "replace a file that is there; a folder that holds something\nis never replaced"),
            ),
        ),
        Options("How", (OFFLINE, CONFIG_FILE, HELP)),
        Rows(
            "Formats",
            (
                ("json", "a list, newest first, of objects with From, To (list), Subject,\n"
                         "Date (ISO 8601), Body and Attachments (list of names), decoded"),
                ("mbox", "oldest first, lines that begin with From quoted (mboxrd)"),
                ("maildir", "cur, new and tmp; read, starred, replied in the file names"),
                ("eml", "one file a message, octet by octet"),
            ),
        ),
        Text("""\
The path appears when all of it is written, or not at all. What is new is fetched
first, and every text that is not stored here; with --offline messages whose text is
not here are left out, and counted. Made for its owner alone (0600, 0700)."""),
        Text("0 done   1 failed, or a message was refused   2 usage or configuration   130 interrupted",
             "Exit codes"),
    ),
)  # fmt: skip

IMPORT = Page(
    "import",
    "an mbox, a Maildir or .eml files into an account, each letter once.",
    operands=(Operand("PATH", kind="file"),),
    examples=(
        ("tui-mail import old.mbox", "into the folder “old”, which is made if missing"),
        ("tui-mail import ~/Mail --folder Archive --account work", ""),
    ),
    parts=(
        Options(
            "Where to",
            (
                Option("--folder", "a folder by name or role; without it, one named after PATH", "NAME"),
                ACCOUNT,
            ),
        ),
        Options("How", (CONFIG_FILE, HELP)),
        Text("""\
PATH is an mbox file (also of Thunderbird, mutt or Google's archive), a Maildir with
all its folders, a folder of .eml files, or one letter. What is read, starred or
answered there is so here; what was thrown away in Thunderbird is left out and counted.
Folders of a Maildir come to stand below the one that is named."""),
        Text("""\
A letter that is there already is not brought a second time: it is known by its
Message-ID and size, one without a Message-ID by its octets. So an import that was
interrupted goes on when it is run again. Each letter is there whole or not at all."""),
        Text("0 done   1 failed, or a letter was refused   2 usage or configuration   130 interrupted", "Exit codes"),
    ),
)

SYNC = Page(
    "sync",
    "bring all mail up to date, without a screen.",
    examples=(
        ("tui-mail sync", "every folder of every account"),
        ("tui-mail sync --account work --folder INBOX --json", ""),
    ),
    parts=(
        Options(
            "What",
            (
                Option("--account", "only this account", "NAME"),
                Option("--folder", "only this folder, by name or role (sent, archive)", "NAME"),
            ),
        ),
        Options("How", (Option("--json", "the figures as JSON"), CONFIG_FILE, HELP)),
        Text("""\
What was done offline is told to the servers; then what is new, changed and gone is
learned, and the texts are fetched that sync.keep wants to have here. It may be
interrupted at any time, and goes on where it was. Letters that wait are left to the
program itself. A folder that lost many messages at once is left as it is, and said.
While the program is running, it keeps the mail up to date: then sync says so and does
nothing, and that is no failure."""),
        Text(
            heading="JSON",
            words="""\
A list of objects, one a folder: account, folder, messages (here now), new, changed,
gone, texts (letters fetched), bytes (of those), seconds, error (null, or a sentence).""",
        ),
        Text("0 done   1 failed, of an account or folder   2 usage or configuration   130 interrupted", "Exit codes"),
    ),
)

DOCTOR = Page(
    "doctor",
    "what is right and what is not between here and the mail, step by step.",
    examples=(
        ("tui-mail doctor", "all accounts, reading and sending"),
        ("tui-mail doctor --smtp", "sending alone, with the dialogue: see VRFY, NOOP and RSET"),
        ("tui-mail doctor --account work --json", ""),
    ),
    parts=(
        Options(
            "What",
            (
                Option("--account", "only this account", "NAME"),
                Option("--imap", "only where mail is read (IMAP, or the Maildir)"),
                Option("--smtp", "only where mail is sent, and print the dialogue"),
            ),
        ),
        Options("How", (Option("--json", "the findings as JSON"), CONFIG_FILE, HELP)),
        Rows(
            "Steps",
            (
                ("name", "the host name and its addresses"),
                ("line", "each address by itself"),
                ("encryption, certificate", "TLS, who the certificate names, who made it, until when"),
                ("greeting, before login", "what the server says and offers to anybody"),
                ("login", "one try; a password that was refused is not tried again"),
                ("after login, abilities", "what the server offers then, and what that means"),
                ("folders, roles", "how many, and which is Sent, Trash, Archive"),
                ("EHLO", "what the server that sends offers: size, encryption, logins"),
                ("VRFY", "asks whether your own address exists; most do not say"),
                ("NOOP", "does nothing: the line is alive"),
                ("RSET", "forgets what was begun; nothing is sent"),
            ),
        ),
        Text("""\
Passwords, addresses, user names and addresses of machines other than the servers are
struck out of everything that is printed, so it can be posted. No letter is sent and
nothing is changed."""),
        Text(
            heading="JSON",
            words="""\
A list of objects: account, part (password, imap, smtp, maildir), step, state (right,
note, wrong), text, remedy (or null), seconds.""",
        ),
        Text("0 nothing is wrong   1 something is   2 usage or configuration   130 interrupted", "Exit codes"),
    ),
)

CONFIG = Page(
    "config",
    "where the configuration is, what holds, whether it is right.",
    operands=(
        Operand("WHAT", choices=("path", "show", "check", "import")),
        Operand("FILE", kind="file", optional=True),
    ),
    examples=(
        ("tui-mail config path", "the configuration file"),
        ("tui-mail config show", "every setting, its value and where that comes from"),
        ("tui-mail config check", "2 and a sentence where something in it cannot be meant"),
        ("tui-mail config import FILE", "an account, and a draft, from the JSON of an older script"),
    ),
    parts=(
        Text(
            heading="What import takes",
            words="""\
A JSON object with any of: sender, receiver (text or list), subject, body,
smtp_server, smtp_port, imap_url, imap_port, password. The sender's account is added
to the configuration if it is not there; servers that are left out are those of the
provider. The password goes into the keyring. Receiver, subject and body become a
draft, which the program opens (gd).""",
        ),
        Options("Options", (Option("--json", "show: a list of objects: key, value, source"), CONFIG_FILE, HELP)),
        Text("0 done   1 failed   2 usage or configuration   130 interrupted", "Exit codes"),
    ),
)

PAGES = (MAIN, DEMO, SEND, COMPOSE, CONTACTS, OUTBOX, LIST, READ, SEARCH, EXPORT, IMPORT, SYNC, DOCTOR, RENDER, CONFIG)
