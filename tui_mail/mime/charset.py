"""Octets to text: the charsets that mail really uses, under the names it uses, and a guess where it says nothing."""

from __future__ import annotations

import re
from encodings.aliases import aliases as _PYTHON_NAMES

from .clean import sound
from .guess import likely

_NAMES = (
    "ascii big5hkscs cp037 cp437 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866"
    " cp869 cp874 cp932 cp949 cp950 cp1006 cp1125 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258"
    " euc_jp euc_jis_2004 euc_jisx0213 gb18030 hz iso2022_jp iso2022_jp_ext iso2022_jp_2004 iso2022_kr iso8859_2"
    " iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_10 iso8859_13 iso8859_14 iso8859_15"
    " iso8859_16 johab koi8_r koi8_t koi8_u kz1048 mac_cyrillic mac_greek mac_iceland mac_latin2 mac_roman"
    " mac_turkish ptcp154 utf_7 utf_8 utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le"
)
_TEXT_CODECS = frozenset(_NAMES.split())
"""What may decode mail. Python has codecs that are no charset (zlib, idna, rot13, unicode_escape): never those."""

_WIDER = {
    "ascii": "cp1252",
    "latin_1": "cp1252",
    "iso8859_1": "cp1252",  # else 0x80 to 0x9F become C1 controls
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso2022_jp_1": "iso2022_jp_ext",
    "iso2022_jp_2": "iso2022_jp_2004",
    "iso2022_jp_3": "iso2022_jp_2004",
}
"""What people mean by a name: the vendor's superset."""

_SPELLINGS = {
    "windows_874": "cp874",
    "ks_c_5601": "cp949",
    "ks_c_5601_1987": "cp949",
    "ksc_5601": "cp949",
    "ksc5601": "cp949",
    "x_sjis": "cp932",
    "x_gbk": "gb18030",
    "x_euc_jp": "euc_jp",
    "x_big5": "big5hkscs",
    "gb_2312_80": "gb18030",
    "gb2312_80": "gb18030",
    "cp_850": "cp850",
    "cn_gb": "gb18030",
    "hz_gb_2312": "hz",
    "uft_8": "utf_8",
    "utf": "utf_8",
    "utf8mb4": "utf_8",
    "unicode_1_1_utf_7": "utf_7",
    "unicode_1_1_utf_8": "utf_8",
    "x_mac_roman": "mac_roman",
    "macintosh": "mac_roman",
    "x_windows_1252": "cp1252",
    "iso_8859_8_i": "iso8859_8",
    "iso_8859_8_e": "iso8859_8",
    "iso_8859_6_i": "iso8859_6",
    "iso_10646_ucs_2": "utf_16_be",
    "ansi": "cp1252",
    "ansi_x3_110_1983": "cp1252",
    "latin": "cp1252",
}
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def codec(label: str) -> str:
    """Python's name of the charset that the label means, or empty where it means none that mail may use."""
    name = _SEPARATORS.sub("_", label[:60].lower()).strip("_")
    found = _SPELLINGS.get(name)
    if found is None and (match := re.fullmatch(r"(?:x_)?(?:windows|win|cp|ms)_?(\d{3,4})", name)) is not None:
        found = "cp" + match[1]
    if found is None and (match := re.fullmatch(r"(?:x_)?iso_?8859_?(\d{1,2})", name)) is not None:
        found = "iso8859_" + match[1]
    if found is None:
        found = _PYTHON_NAMES.get(name, name)
    found = _WIDER.get(found, found)
    return found if found in _TEXT_CODECS else ""


def decode(raw: bytes, label: str = "", *, markup: bool = False) -> tuple[str, bool]:
    """Text and whether nothing had to be replaced. `markup` never reads UTF-7, which can hide tags from filters."""
    name = codec(label) if label else ""
    if name == "cp1252" and raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii"), True
    if name == "utf_7" and markup:
        name = ""
    if name == "" or (name == "cp1252" and _is_ascii(label)):
        return guess(raw)
    if name == "utf_8":
        return _utf8(raw)
    if name.startswith(("utf_16", "utf_32")) and b"\x00" not in raw:
        return guess(raw)  # the label lies: what people write in Latin letters has NUL octets there
    if name == "cp1252" and (text := _if_utf8(raw)):
        return text, True  # the label lies: nobody means the two or three characters that each would be
    if name.startswith("iso2022_jp"):
        return _iso2022_jp(raw, name)
    try:
        return sound(raw.decode(name)), True
    except (UnicodeError, ValueError):
        return _if_utf8(raw) or sound(raw.decode(name, "replace")), name == "cp1252"


_META = re.compile(rb"<meta\s[^<>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_\-:]{2,40})", re.I)
_HEAD = 4096


def of_page(raw: bytes) -> str:
    """The charset that an HTML page itself names at its beginning; empty for none, or where its octets are UTF-8."""
    found = _META.search(raw[:_HEAD])
    return found[1].decode("ascii") if found and is_foreign(raw) else ""


def guess(raw: bytes) -> tuple[str, bool]:
    """For octets under no name: ASCII, UTF-8, the ISO-2022 escapes, else what their letters look like."""
    if b"\x1b$" in raw and raw.isascii():
        return _iso2022_jp(raw, "iso2022_jp_ext")
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        return _utf8(raw)


def is_foreign(raw: bytes) -> bool:
    """Whether these octets are no UTF-8."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _if_utf8(raw: bytes) -> str:
    """The text where it is UTF-8 and more than ASCII, else nothing."""
    return "" if raw.isascii() or is_foreign(raw) else raw.decode("utf-8")


def _is_ascii(label: str) -> bool:
    return _PYTHON_NAMES.get(_SEPARATORS.sub("_", label[:60].lower()).strip("_"), "") == "ascii" or label == "ascii"


def _utf8(raw: bytes) -> tuple[str, bool]:
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    right = sum(char > "\x7f" and char != "\ufffd" for char in text)
    if bad > right:  # not UTF-8 at all, whatever the label says
        return sound(raw.decode(likely(raw), "replace")), False
    return text, False


_TWO_BYTE = re.compile(rb"\x1b\$[@B]([!-~\r\n]*)")


def _iso2022_jp(raw: bytes, name: str) -> tuple[str, bool]:
    """ISO-2022-JP with what vendors added: its double octets are read as the Windows code page has them."""
    for candidate in (name, "iso2022_jp_ext", "iso2022_jp_2004"):
        try:
            return sound(raw.decode(candidate)), True
        except UnicodeError:
            continue
    shifted = _TWO_BYTE.sub(lambda match: _to_windows(match[1]), raw)
    shifted = re.sub(rb"\x1b[(][BJI]", b"", shifted)
    text = shifted.decode("cp932", "replace")
    return sound(text), "\ufffd" not in text


def _to_windows(pairs: bytes) -> bytes:
    out = bytearray()
    at = 0
    while at + 1 < len(pairs):
        row, cell = pairs[at], pairs[at + 1]
        if row < 0x21 or cell < 0x21:  # a line end in between
            out.append(row)
            at += 1
            continue
        high = (row - 0x21) // 2 + 0x81
        out.append(high if high <= 0x9F else high + 0x40)
        out.append(cell + (0x7E if row % 2 == 0 else 0x1F if cell < 0x60 else 0x20))
        at += 2
    return bytes(out + pairs[at:])
