"""The pages of the commands that show mail."""

from __future__ import annotations

from .manual import Operand, Option, Options, Page, Rows, Text
from .options import ACCOUNT, CONFIG_FILE, EXIT_CODES, FOLDER, HELP, JSON, LIMIT, OFFLINE, QUERY, WAIT

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
        Text(WAIT),
        EXIT_CODES,
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
        Text("Reading here marks nothing as read.\n" + WAIT),
        EXIT_CODES,
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
        Text(WAIT),
        EXIT_CODES,
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
