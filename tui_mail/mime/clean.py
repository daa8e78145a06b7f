"""The one cleaner: what a stranger wrote becomes text that can do nothing to a terminal, a file system or a header."""

from __future__ import annotations

import re
import unicodedata

_BIDI = "\u202a-\u202e\u2066-\u2069"
_MARKS = "\u061c\u200e\u200f"
_UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0"
)
_TAGS = "\U000e0000-\U000e0fff"
_LOOKED_AT = (
    f"\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff\ufff0-\ufffb\ufffe\uffff\U0010eeee"
    f"{_BIDI}{_MARKS}{_UNSEEN}]|[{_TAGS}]+|[\u200c\u200d]|\ufe0f{{2,}}"
)
_ODD = re.compile("[\x00-\x0a" + _LOOKED_AT)
_ODD_IN_LINES = re.compile("[\x00-\x09" + _LOOKED_AT)
"""Everything that is looked at; one search over clean text is all that it costs."""
_STACKED = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
                      "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip
_LONE = re.compile("[\ud800-\udfff]")

_SHOWN: dict[int, str] = {code: chr(0x2400 + code) for code in range(32)}
_SHOWN |= {0x7F: "␡", 0xA0: " ", 0x1680: " ", 0x202F: " ", 0x205F: " ", 0x3000: "  ", 0x2028: " ", 0x2029: " "}
_SHOWN |= dict.fromkeys(range(0x2000, 0x200B), " ")
_GONE = re.compile(f"[{_MARKS}{_UNSEEN}]")
BAD = "\ufffd"


def clean(text: str, *, lines: bool = False) -> str:
    """Text that draws what it says: controls are shown as marks, bidi overrides as U+FFFD, unseen characters are gone.

    With `lines` the line ends stay (CRLF as `\\n`) and tabs become blanks; without, both are marks and blanks too.
    """
    if text.isascii():
        if text.isprintable():
            return text
        if lines and text.replace("\n", "").isprintable():
            return text
    if "\r" in text and lines:
        text = text.replace("\r\n", "\n")
    if "\t" in text:
        text = text.expandtabs(8) if lines else text.replace("\t", " ")
    text = _ODD_IN_LINES.sub(_fix_lines, text) if lines else _ODD.sub(_fix, text)
    return text if text.isascii() else _STACKED.sub(r"\1", text)


def _fix_lines(match: re.Match[str]) -> str:
    return "\n" if match[0] in "\u2028\u2029" else _fix(match)


def _fix(match: re.Match[str]) -> str:
    """What stands for one character, or one run, that cannot be drawn as it is."""
    found = match[0]
    code = ord(found[0])
    if (shown := _SHOWN.get(code)) is not None:
        return shown
    if code in (0x200C, 0x200D):
        return found if _joins(match) else ""
    if code == 0xFE0F:
        return "\ufe0f"
    if code >= 0xE0000:
        text, start = match.string, match.start()
        is_flag = start and text[start - 1] == "\U0001f3f4" and found.endswith("\U000e007f") and len(found) <= 7
        return "" if is_flag else BAD
    return "" if _GONE.match(found) else BAD


def _joins(match: re.Match[str]) -> bool:
    """Whether a joiner stands between two characters that it can join: emoji, Arabic, Indic; never in ASCII."""
    text, start, end = match.string, match.start(), match.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    return before > "\u02ff" and after > "\u02ff" and not _ODD.match(before) and not _ODD.match(after)


def line(text: str) -> str:
    """One line: cleaned, every stretch of blanks and line ends folded to one blank, none at the ends."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text
    return " ".join(clean(text, lines=True).split())


def sound(text: str) -> str:
    """The same text without lone surrogates, so that it can be encoded."""
    return _LONE.sub(BAD, text)


def token(text: str) -> str:
    """An address or identifier: nothing unseen is dropped silently, each odd character becomes U+FFFD."""
    if text.isascii() and text.isprintable():
        return text
    return clean(_GONE.sub(BAD, text).replace("\u200c", BAD).replace("\u200d", BAD))


_UNNAMEABLE = re.compile('[\x00-\x1f\x7f-\x9f<>:"|?*\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd\u2400-\u2424]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.I)
_LONGEST = 200
"""Octets of a file name; file systems take 255, and a number or a second suffix may be added."""


def safe_file_name(name: str, fallback: str = "attachment") -> str:
    """A name that can be made in a folder: no path, no dot file, no option, no control, at most 200 octets."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", sound(name)))[-1]
    name = _UNNAMEABLE.sub("_", clean(name))
    name = " ".join(name.split()).lstrip(".-~ ").rstrip(". ")
    if not name.strip("_. "):
        name = fallback
    if _RESERVED.match(name):
        name = "_" + name
    if len(name.encode()) <= _LONGEST:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix.encode()) > 20 or not stem:
        stem, dot, suffix = name, "", ""
    keep = _LONGEST - len((dot + suffix).encode())
    return stem.encode()[:keep].decode("utf-8", "ignore").rstrip(". ") + dot + suffix


_PLAIN_LINK = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.\-]*(?::\d{1,5})?(?:[/?#][!#-;=?-\[\]_a-z~]*)?\Z")
_PLAIN_MAIL = re.compile(r"mailto:[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\Z")
_LINK = re.compile(r"(https?):[/\\]{2}([^/\\?#]*)(.*)\Z", re.I | re.S)
_UNSAFE = re.compile(r"[^!#-;=?-\[\]_a-z~]")


def safe_link(url: str) -> str:
    """The target as printable ASCII (IDN as punycode), or empty where it is not http, https or mailto, or over 2000."""
    if len(url) > 2000:
        return ""
    if _PLAIN_LINK.match(url) or _PLAIN_MAIL.match(url):
        return url
    url = sound(re.sub(r"[\t\r\n]", "", url).strip())
    if url[:7].lower() == "mailto:":
        target = "mailto:" + _percent(url[7:])
    elif (match := _LINK.match(url)) is not None:
        user, at, host = match[2].rpartition("@")
        host, colon, port = host.partition(":") if not host.startswith("[") else (host, "", "")
        try:
            host = host if host.isascii() else host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
        if not host or not re.fullmatch(r"[A-Za-z0-9.\-_]+|\[[0-9A-Fa-f:.]+\]", host) or not re.fullmatch(r"\d*", port):
            return ""
        target = f"{match[1].lower()}://{_percent(user)}{at}{host}{colon}{port}{_percent(match[3])}"
    else:
        return ""
    return target if len(target) <= 2000 else ""


def _percent(text: str) -> str:
    return _UNSAFE.sub(lambda match: "".join(f"%{octet:02X}" for octet in match[0].encode()), text)
