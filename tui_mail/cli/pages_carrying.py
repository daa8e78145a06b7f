"""The pages of the commands that bring mail here and take it elsewhere."""

from __future__ import annotations

from .manual import Operand, Option, Options, Page, Rows, Text
from .options import ACCOUNT, CONFIG_FILE, FOLDER, HELP, OFFLINE, QUERY

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
