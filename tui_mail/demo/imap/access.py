"""Commands that get a client in: CAPABILITY, ID, STARTTLS, LOGIN, AUTHENTICATE, ENABLE, NOOP, LOGOUT."""

from __future__ import annotations

import base64
import binascii

from ..wire import HungUp
from .syntax import Argument, Bad, No, astring, atom, expect, group
from .talk import Talk


def capability(talk: Talk, given: list[Argument]) -> str:
    expect(given, 0)
    talk.say(talk.capability_line())
    return "Done."


def noop(talk: Talk, given: list[Argument]) -> str:
    expect(given, 0)
    return "Done."


def identify(talk: Talk, given: list[Argument]) -> str:
    """ID (RFC 2971)."""
    expect(given, 1)
    if given[0] != "NIL":
        pairs = group(given[0])
        if len(pairs) % 2 or len(pairs) > 60 or not all(isinstance(item, bytes) or item == "NIL" for item in pairs):
            raise Bad("ID takes NIL or a list of field and value strings")
    talk.identified = True
    talk.say('ID ("name" "tui-mail demo")')
    return "Pleased to meet you."


def starttls(talk: Talk, given: list[Argument]) -> str:
    expect(given, 0)
    if talk.house.tls is None or talk.wire.secured:
        raise Bad("No TLS to begin here")
    if talk.wire.has_input:
        raise Bad("Nothing may follow STARTTLS before its answer")  # RFC 9051 section 6.2.1: command injection
    talk.wire.write(f"{talk.tag} OK Begin TLS.\r\n".encode())
    talk.wire.flush()
    talk.wire.secure(talk.house.tls)
    return ""


def compress(talk: Talk, given: list[Argument]) -> str:
    """COMPRESS DEFLATE (RFC 4978)."""
    expect(given, 1)
    if atom(given[0]) != "DEFLATE" or talk.wire.compressed:
        raise No("[COMPRESSIONACTIVE] Once is enough" if talk.wire.compressed else "Only DEFLATE is known here")
    if "refuse_compress" in talk.quirks:
        raise No("Not possible after all")
    talk.wire.write(f"{talk.tag} OK Compressed from here on.\r\n".encode())
    talk.wire.flush()
    if "false_compress" not in talk.quirks:
        talk.wire.compress()
    return ""


def login(talk: Talk, given: list[Argument]) -> str:
    expect(given, 2)
    if talk.must_encrypt:
        raise No("[PRIVACYREQUIRED] Not without TLS")
    return _admit(talk, astring(given[0]), astring(given[1]))


def authenticate(talk: Talk, given: list[Argument]) -> str:
    """AUTHENTICATE PLAIN (RFC 4616), with an initial response where SASL-IR is offered."""
    expect(given, 1, 2)
    if talk.must_encrypt:
        raise No("[PRIVACYREQUIRED] Not without TLS")
    if atom(given[0]) != "PLAIN":
        raise No("Only PLAIN is known here")
    if len(given) == 2:
        talk.need("SASL-IR")
        coded = astring(given[1])
    else:
        talk.wire.write(b"+ \r\n")
        coded = talk.wire.read_line().removesuffix(b"\r\n")
        if coded == b"*":
            raise Bad("Cancelled")
    try:
        _, user, password = base64.b64decode(coded, validate=True).split(b"\0")
    except (binascii.Error, ValueError) as error:
        raise Bad("Not a PLAIN response") from error
    return _admit(talk, user, password)


def _admit(talk: Talk, user: bytes, password: bytes) -> str:
    name = user.decode("utf-8", "replace")
    if talk.house.users.get(name) != password.decode("utf-8", "replace"):
        raise No("[AUTHENTICATIONFAILED] Wrong user name or password")
    talk.user = name
    return f"[{talk.capability_line()}] Welcome."


def logout(talk: Talk, given: list[Argument]) -> str:
    expect(given, 0)
    talk.wire.write(f"* BYE See you.\r\n{talk.tag} OK Done.\r\n".encode())
    talk.wire.flush()
    raise HungUp


def enable(talk: Talk, given: list[Argument]) -> str:
    """ENABLE (RFC 5161): what is not known is passed over."""
    if not given:
        raise Bad("What to enable?")
    known = [name for name in map(atom, given) if name in ("CONDSTORE", "QRESYNC") and talk.can(name)]
    if "QRESYNC" in known and talk.view is not None:
        raise Bad("QRESYNC cannot be enabled while a folder is selected")
    talk.enabled.update(known)
    talk.say(" ".join(["ENABLED", *known]))
    return "Done."
