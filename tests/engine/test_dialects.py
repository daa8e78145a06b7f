"""Servers say the same in many ways, and some say more, less or too late: here stands what stands there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.backend import desk as desks
from tests.backend.desk import Desk, letter
from tests.backend.dialect import Dialect
from tests.backend.worlds import DemoWorld
from tests.engine.world import folder, ids
from tests.servers import Demos, demo_account
from tui_mail.config.credentials import Secret
from tui_mail.demo.quirks import FULL
from tui_mail.model.event import Connection, Failed
from tui_mail.model.folder import Role

ME = "demo@example.org"
_NAMES = rb"FETCH|UID|FLAGS|INTERNALDATE|RFC822\.SIZE|BODYSTRUCTURE|BODY|HEADER\.FIELDS|LIST|ESEARCH|STATUS|EXISTS|NIL"
_ENDS = re.compile(rb"[^*+]\S* OK(?! \[CAPABILITY)")
"""A command that is done, but for those before the login."""


def again(pattern: bytes, by: bytes | Callable[[re.Match[bytes]], bytes]) -> Callable[[bytes], bytes]:
    return lambda said: re.sub(pattern, by, said, flags=re.S)


def in_lower_case(said: bytes) -> bytes:
    line, end, rest = said.partition(b"\r\n")
    return re.sub(rb"(?<![\"\w])(?:" + _NAMES + rb")(?![\"\w])", lambda match: match[0].lower(), line) + end + rest


def before_the_end(words: bytes) -> Callable[[bytes], bytes]:
    return lambda said: words + said if _ENDS.match(said) else said


def with_fields_named_otherwise(said: bytes) -> bytes:
    return re.sub(
        rb"BODY\[HEADER\.FIELDS \(([^)]*)\)\]",
        lambda match: b'BODY[HEADER.FIELDS ("' + b'" "'.join(sorted(match[1].title().split())) + b'")]',
        said,
        count=1,
    )


DIALECTS: dict[str, Callable[[bytes], bytes]] = {
    "lower case": in_lower_case,
    "more blanks": again(rb"^\* (\d+) FETCH \(UID (\d+) ", rb"*  \1  FETCH  ( UID  \2  "),
    "a message in two responses": again(
        rb"^(\* \d+ FETCH \(UID \d+)( FLAGS \([^)]*\))( INTERNALDATE .*)", rb"\1\2)\r\n\1\3"
    ),
    "the uid at the end": again(rb"^(\* \d+ FETCH \()(UID \d+) (.*)\)\r\n\Z", rb"\1\3 \2)\r\n"),
    "a structure that is not known": again(rb"BODYSTRUCTURE \(.*\) BODY\[HEADER", rb"BODYSTRUCTURE NIL BODY[HEADER"),
    "a date that is not known": again(rb'INTERNALDATE "[^"]*"', rb"INTERNALDATE NIL"),
    "a size that is not known": again(rb"RFC822\.SIZE \d+", rb"RFC822.SIZE NIL"),
    "fields named otherwise": with_fields_named_otherwise,
    "the question repeated": again(rb"^(\* \d+ FETCH .*?)BODY\[", rb"\1BODY.PEEK["),
    "binary literals": again(rb"(BODY\[[^\]]*\]) \{", rb"\1 ~{"),
    "everything twice": again(rb"^(\* \d+ FETCH .*)\Z", rb"\1\1"),
    "marks that nobody knows": again(rb"^\* LIST \(", rb'* LIST (\\Foo $odd "q" 12 '),
    "another Inbox": again(rb'^(\* LIST \([^)]*\) "/" )"?INBOX"?', rb"\1inBox"),
    "no inbox in the list": again(rb'^\* LIST \([^)]*\) "/" "?INBOX"?\r\n', rb""),
    "no hierarchy": again(rb'^(\* LIST \([^)]*\)) "/"', rb"\1 NIL"),
    "status without counts": again(rb"^(\* STATUS \S+ )\(.*\)", rb"\1()"),
    "no count of changes": again(rb"^\* OK \[HIGHESTMODSEQ.*", rb""),
    "a count of changes too high": again(rb"HIGHESTMODSEQ \d+", rb"HIGHESTMODSEQ 18446744073709551615"),
    "no numbering": again(rb"^\* OK \[UIDVALIDITY.*", rb""),
    "no next uid": again(rb"^\* OK \[UIDNEXT.*", rb""),
    "strange uids gone": again(rb"^(\* OK \[HIGHESTMODSEQ.*)\Z", rb"\1* VANISHED (EARLIER) 900:950,4000000000\r\n"),
    "a letter that is not asked for": before_the_end(b"* 9 FETCH (UID 900 FLAGS (\\Deleted))\r\n"),
    "removals that mean nothing": before_the_end(b"* 4000000000 EXPUNGE\r\n"),
    "words between": before_the_end(b'\r\n* NO wait\r\n* X-ODD (a "b" {1}\r\n)c)\r\n* OK [NOTICE] (y [z\r\n'),
    "a plus too many": before_the_end(b"+ go on\r\n"),
    "no words": again(rb"^([^*+]\S* OK) (?!\[)[^\r]*", rb"\1"),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_stands_there_stands_here_whatever_the_server_calls_it(
    demo_server: Demos, tmp_path: Path, dialect: str
) -> None:
    server = demo_server(capabilities=FULL)
    world = DemoWorld(server)
    for number in range(4):
        world.add("INBOX", letter(f"letter {number}", ME), ["\\Seen"] if number else [])
    world.add("Archive", letter("old", ME))
    with Dialect(server.imap_port, DIALECTS[dialect]) as line:
        account = demo_account(server, key="work")
        account = replace(account, imap=replace(account.imap, port=line.port))
        with desks.running(tmp_path / "data", account, Secret("demo"), world) as desk:
            desk.until(lambda: desk.mail.role("work", Role.INBOX) and len(ids(desk.mail)) == 4, "the first sync")
            rows = {row.subject: row.id for row in desk.mail.rows(ids(desk.mail)) if row is not None}
            desk.mail.archive([rows["letter 1"]])
            desk.mail.star([rows["letter 2"]])
            world.remove("INBOX", 4)
            world.flag("INBOX", 1, ["\\Flagged"])
            world.add("INBOX", letter("new", ME))
            desk.mail.refresh(folder(desk.mail, Role.INBOX).id)
            desk.until(lambda: here(desk) == there(desk), "the same here and there")
            assert "Can we build it?" in desk.mail.read(rows["letter 2"]).result(20).text
            assert not desk.ears.of(Failed)
            assert not [event for event in desk.ears.of(Connection) if event.state == "offline"]
            assert line.bent and len(list(server.log)) < 200


def here(desk: Desk) -> list[tuple[str, bool, bool]]:
    rows = [row for role in (Role.INBOX, Role.ARCHIVE) for row in desk.mail.rows(ids(desk.mail, role))]
    return sorted((row.subject, not row.is_unread, row.is_starred) for row in rows if row is not None)


def there(desk: Desk) -> list[tuple[str, bool, bool]]:
    held = [one for name in ("INBOX", "Archive") for one in desk.other.held(name)]
    subjects = [one.raw.partition(b"Subject: ")[2].partition(b"\r\n")[0].decode() for one in held]
    return sorted(
        (subject, "\\Seen" in one.flags, "\\Flagged" in one.flags) for subject, one in zip(subjects, held, strict=True)
    )
