"""Signed and encrypted letters (RFC 3156, 8551): found, cut out octet by octet, and put together."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from dataclasses import dataclass
from typing import Literal

from . import header
from .contents import Entity
from .structure import content, parameters_of, structure

Form = Literal["pgp-encrypted", "pgp-signed", "smime-encrypted", "smime-signed", "smime-opaque", "part"]
_HINT = re.compile(rb"multipart/(?:encrypted|signed)|pkcs7-(?:mime|signature)", re.I)
_CONTENT = re.compile(r"content-|mime-version\Z", re.I)
_KEY = re.compile(r"(?:^|;)\s*keydata\s*=\s*([A-Za-z0-9+/=\s]+)", re.I)
_LARGEST_KEY = 64_000


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is to be given to gpg. `part`: only a part of the letter is protected, and nothing of it is opened."""

    form: Form
    data: bytes = b""
    """The ciphertext, or the exact octets that were signed, CRLF."""
    signature: bytes = b""


def may_be(raw: bytes) -> bool:
    """Whether it is worth a closer look; by far most mail is not."""
    return _HINT.search(raw) is not None


def find(raw: bytes) -> Sealed | None:
    """How the letter is protected, or None. Only what covers the whole letter is opened: parts are never joined."""
    if not may_be(raw):
        return None
    head, body = header.split(raw)
    kind, parameters = _kind(head)
    protocol = parameters.get("protocol", "").lower()
    root = structure(raw)
    match kind:
        case "multipart/encrypted" if protocol == "application/pgp-encrypted" and len(root.children) == 2:
            return Sealed("pgp-encrypted", content(root.children[1])[0])
        case "multipart/signed" if len(root.children) == 2:
            signed = _first_part(body, parameters.get("boundary", ""))
            signature = content(root.children[1])[0]
            if signed is not None and protocol == "application/pgp-signature":
                return Sealed("pgp-signed", signed, signature)
            if signed is not None and protocol in ("application/pkcs7-signature", "application/x-pkcs7-signature"):
                return Sealed("smime-signed", signed, signature)
        case "application/pkcs7-mime" | "application/x-pkcs7-mime":
            is_opaque = parameters.get("smime-type", "").lower() == "signed-data"
            return Sealed("smime-opaque" if is_opaque else "smime-encrypted", content(root)[0])
    kinds = {leaf.type for leaf in root.leaves()}
    protected = {"application/pgp-encrypted", "application/pgp-signature", "application/pkcs7-signature"}
    return Sealed("part") if kinds & protected or "application/pkcs7-mime" in kinds else None


def opened(raw: bytes, inside: bytes) -> bytes:
    """The letter with what was inside as its content, alone; people, subject and date stay those outside."""
    head, _ = header.split(raw)
    kept = [(name, value) for name, value in header.fields(head) if not _CONTENT.match(name)]
    inner_head, inner_body = header.split(inside)
    inner = [(name, value) for name, value in header.fields(inner_head) if _CONTENT.match(name)]
    lines = b"".join(name.encode("ascii", "replace") + b": " + value + b"\r\n" for name, value in kept + inner)
    return lines + b"\r\n" + inner_body


def signed(entity: bytes, signature: bytes, digest: str) -> Entity:
    """A letter's entity, exactly as it was signed, with the signature beside it."""
    sign = Entity(("application/pgp-signature", 'name="signature.asc"'), "7bit", _lines(signature))
    return _pair("signed", entity, sign.part, f"micalg=pgp-{digest}", 'protocol="application/pgp-signature"')


def encrypted(ciphertext: bytes) -> Entity:
    """A letter's entity from what gpg made of it."""
    version = Entity(("application/pgp-encrypted",), "7bit", b"Version: 1\r\n")
    data = Entity(("application/octet-stream", 'name="encrypted.asc"'), "7bit", _lines(ciphertext))
    return _pair("encrypted", version.part, data.part, 'protocol="application/pgp-encrypted"')


def autocrypt_key(raw: bytes) -> tuple[str, bytes] | None:
    """(address, public key) of the Autocrypt header, where there is exactly one and it speaks for the sender."""
    head, _ = header.split(raw)
    found = [value for name, value in header.fields(head) if name.lower() == "autocrypt"]
    people = [one for name, value in header.fields(head) if name.lower() == "from" for one in header.addresses(value)]
    if len(found) != 1 or len(people) != 1 or len(found[0]) > _LARGEST_KEY:
        return None
    text = found[0].decode("ascii", "replace")
    address = re.search(r"(?:^|;)\s*addr\s*=\s*([^;\s]+)", text, re.I)
    data = _KEY.search(text)
    if address is None or data is None or address[1].lower() != people[0].email.lower():
        return None
    try:
        return people[0].email, base64.b64decode("".join(data[1].split()), validate=True)
    except binascii.Error:
        return None


def autocrypt_line(address: str, key: bytes) -> list[str]:
    """The Autocrypt header that offers one's own key, in pieces that may be folded."""
    text = base64.b64encode(key).decode()
    return [
        f"addr={address};",
        "prefer-encrypt=mutual;",
        "keydata=",
        *(text[at : at + 70] for at in range(0, len(text), 70)),
    ]


def _kind(head: bytes) -> tuple[str, dict[str, str]]:
    values = [value for name, value in header.fields(head) if name.lower() == "content-type"]
    return parameters_of(values[0]) if values else ("text/plain", {})


def _first_part(body: bytes, boundary: str) -> bytes | None:
    """The octets between the first delimiter and the second, as they were signed: CRLF, without the last line end."""
    if not boundary:
        return None
    text = re.sub(rb"\r?\n", b"\r\n", b"\n" + body)
    mark = re.escape(b"--" + boundary.encode("utf-8", "replace"))
    found = list(re.finditer(rb"\r\n" + mark + rb"(?:--)?[ \t]*(?=\r\n|\Z)", text))
    if len(found) < 2:
        return None
    return text[found[0].end() + 2 : found[1].start()]


def _pair(kind: str, first: bytes, second: bytes, *more: str) -> Entity:
    boundary = secrets.token_hex(16)
    delimiter = b"--" + boundary.encode()
    octets = b"".join(delimiter + b"\r\n" + part + b"\r\n" for part in (first, second)) + delimiter + b"--\r\n"
    return Entity((f"multipart/{kind}", *more, f'boundary="{boundary}"'), "7bit", octets)


def _lines(octets: bytes) -> bytes:
    text = re.sub(rb"\r?\n", b"\r\n", octets)
    return text if text.endswith(b"\r\n") else text + b"\r\n"
