"""The pages of the commands that letters are written and sent with."""

from __future__ import annotations

from .manual import Operand, Option, Options, Page, Text
from .options import CONFIG_FILE, HELP, JSON

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
