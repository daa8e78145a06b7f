"""The program without a screen, made to be killed: does a few things and says which of them are safely on disk."""

from __future__ import annotations

import itertools
import json
import random
import sys
import threading
from pathlib import Path

from tests.sweeps.carrier import open_mail
from tui_mail.engine.mail import Mail
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.event import Event
from tui_mail.model.folder import Role
from tui_mail.model.query import Query

_KEPT_WITHIN = 0.35
"""Seconds in which a draft is durable, as promised."""


def main() -> None:
    """DATA SEED, and the account on standard input: works until it is killed; every line it says is a promise."""
    data, seed = Path(sys.argv[1]), sys.argv[2]
    dice = random.Random(seed)
    mail = open_mail(data, sys.stdin.read())
    news = threading.Event()

    def listen(event: Event) -> None:
        news.set()

    mail.start(listen)
    say("started", "")
    for turn in itertools.count():
        news.wait(0.05)
        news.clear()
        verb = dice.choice([archive, archive, star, delete, write, send])
        what, name = verb(mail, dice, f"{seed}-{turn}")
        if what:
            say(what, name)


def archive(mail: Mail, dice: random.Random, name: str) -> tuple[str, str]:
    inbox, there = mail.role("work", Role.INBOX), mail.role("work", Role.ARCHIVE)
    ids = mail.listing(Query(inbox.id)) if inbox else ()
    if inbox is None or there is None or not len(ids):
        return "", ""
    [row] = mail.rows([dice.choice(list(ids))])
    if row is None:
        return "", ""
    mail.archive([row.id])
    written(mail)
    return "archived", row.message_id


def star(mail: Mail, dice: random.Random, name: str) -> tuple[str, str]:
    there = mail.role("work", Role.ARCHIVE)
    ids = mail.listing(Query(there.id)) if there else ()
    if not len(ids):
        return "", ""
    [row] = mail.rows([dice.choice(list(ids))])
    if row is None:
        return "", ""
    mail.star([row.id], True)
    written(mail)
    return "starred", row.message_id


def delete(mail: Mail, dice: random.Random, name: str) -> tuple[str, str]:
    """What stands in Trash, for good; and back again, now and then."""
    bin = mail.role("work", Role.TRASH)
    ids = mail.listing(Query(bin.id)) if bin else ()
    if not len(ids):
        return "", ""
    [row] = mail.rows([dice.choice(list(ids))])
    if row is None:
        return "", ""
    say("deleting", row.message_id)
    mail.trash([row.id])
    written(mail)
    if dice.random() < 0.6:
        if dice.random() < 0.5:
            mail.settled(0.3)
        mail.undo()
        written(mail)
        return "kept", row.message_id
    return "deleted", row.message_id


def write(mail: Mail, dice: random.Random, name: str) -> tuple[str, str]:
    mail.keep(Draft(DraftId(name), "work", to="demo@example.org", subject=f"draft {name}", body="Half a thou"))
    threading.Event().wait(_KEPT_WITHIN)
    return "draft", f"draft {name}"


def send(mail: Mail, dice: random.Random, name: str) -> tuple[str, str]:
    draft = Draft(DraftId(f"s{name}"), "work", to="bob@example.org", subject=f"sent {name}", body="Text.\n")
    say("sending", f"sent {name}")
    mail.send(draft).result(timeout=10)
    return "sent", f"sent {name}"


def written(mail: Mail) -> None:
    """What was done is on disk: the writer takes what comes later after it."""
    mail._writer.do(lambda books: None).result(timeout=10)


def say(what: str, name: str) -> None:
    sys.stdout.write(json.dumps([what, name]) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
