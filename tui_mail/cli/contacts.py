"""`tui-mail contacts`: whom one writes to, listed, and moved in and out as vCards."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

from tui_mail.config.places import Places
from tui_mail.engine import people
from tui_mail.mime import vcard
from tui_mail.model.errors import BadInput, NotFound
from tui_mail.model.operation import count

from . import printing
from .wanted import Contacts


def run(order: Contacts, places: Places) -> int:
    """0 when it was done; raises MailError."""
    match order.what:
        case "import":
            found = vcard.read(_read(order))
            if not found:
                raise NotFound("There is no card with an address in it.")
            people.put(places.data, found)
            printing.say(f"{count(len(found), 'address').replace('addresss', 'addresses')} imported.")
        case "export":
            _write(order, vcard.write(people.everybody(places.data)))
        case _:
            known = people.everybody(places.data)
            if order.json:
                printing.say(json.dumps([asdict(one) for one in known], ensure_ascii=False, indent=1))
            else:
                for one in known:
                    printing.say(f"{one.email}\t{one.name}\t{', '.join(one.groups)}")
    return 0


def _read(order: Contacts) -> bytes:
    try:
        return sys.stdin.buffer.read() if order.file is None else order.file.expanduser().read_bytes()
    except OSError as error:
        raise BadInput(f"{order.file} cannot be read: {error.strerror}.") from error


def _write(order: Contacts, data: bytes) -> None:
    if order.file is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        path = order.file.expanduser()
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise BadInput(f"{order.file} cannot be written: {error.strerror}.") from error
