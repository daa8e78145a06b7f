"""What each command is, takes and does: argument parser, `--help`, man page and completions are made from it."""

from __future__ import annotations

from .manual import Operand, Option, Options, Page, Rows, Text
from .options import CONFIG_FILE, EXIT_CODES, HELP
from .pages_carrying import EXPORT, IMPORT, SYNC
from .pages_reading import LIST, READ, RENDER, SEARCH
from .pages_sending import COMPOSE, CONTACTS, OUTBOX, SEND

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
        EXIT_CODES,
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
        EXIT_CODES,
    ),
)

PAGES = (MAIN, DEMO, SEND, COMPOSE, CONTACTS, OUTBOX, LIST, READ, SEARCH, EXPORT, IMPORT, SYNC, DOCTOR, RENDER, CONFIG)
