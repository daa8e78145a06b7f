"""Which charset octets are in that no label names: a look at the letters that they would be."""

from __future__ import annotations

import re
from itertools import pairwise

_SAMPLE = 20_000
"""Octets that are looked at."""
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_PLAIN = re.compile(rb"(?<![\x80-\xff])[A-Za-z]")
"""Latin letters, but for what may be the second octet of another one."""
_WESTERN = ("cp1252", "iso8859_2", "cp1250")
"""In the order in which they win where all are as likely."""
_CYRILLIC = ("koi8_r", "cp1251", "cp866", "iso8859_5")
_OFTEN_CYRILLIC = frozenset("оеаинтсрвлкмдпуяыьгзбчйх")
_KANA = frozenset(map(chr, range(0x3041, 0x30FB)))
_OFTEN_KOREAN = frozenset(
    "이다는에가고의을를하지은로기한도리사어시나인아자그라해서대일수있것들전부정상보주합니안녕습세요원제공장비회료내광"
)
_OFTEN_SIMPLIFIED = frozenset(
    "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天"
    "如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从邮件失败传系统信知测试文"
)
_OFTEN_TRADITIONAL = frozenset(
    "的一是不了人我在有他這為之大來以個中上們到說國和地也子時道出而要於就下得可你年生自會那後能對著事其裡所去行過家十用發天"
    "如然作方成者多日都三小軍二無同麼經法當起與好看學進種將還分此心前面又定見只主沒公從郵件失敗傳系統信知測試文"
)
_EASTERN = {
    "cp932": (_KANA, 0, 0),
    "euc_jp": (_KANA, 0, 0),
    "cp949": (_OFTEN_KOREAN, 0, 0),
    "gb18030": (_OFTEN_SIMPLIFIED, 0xB0, 0xD7),
    "big5hkscs": (_OFTEN_TRADITIONAL, 0xA4, 0xC6),
}
"""Characters that are frequent, and the first octets of those that are at least common (0: nothing is said)."""


def likely(raw: bytes) -> str:
    """The codec of octets that are neither ASCII nor UTF-8: cp1252 unless much speaks for another."""
    raw = raw[:_SAMPLE]
    words = _WORD.findall(raw)
    foreign = [octet for word in words for octet in word if octet > 0x7F]
    plain = len(_PLAIN.findall(raw))
    octets = b" ".join(words)
    if len(foreign) > 2 * plain and len(set(foreign)) > 2:
        return _cyrillic(octets, 0.85) or _eastern(raw) or _cyrillic(octets, 0.6) or _western(octets)
    return _western(octets)


def _western(octets: bytes) -> str:
    return min(_WESTERN, key=lambda codec: _oddities(octets.decode(codec, "replace")))


def _oddities(text: str) -> int:
    """How many characters stand between two letters and are none themselves."""
    return sum(
        char > "\x7f" and not char.isalpha() and char not in "’­" and before.isalpha() and after.isalpha()
        for before, char, after in zip(text, text[1:], text[2:], strict=False)
    )


def _cyrillic(octets: bytes, least: float) -> str:
    """A Cyrillic charset where the words look Russian in it: frequent letters, no capitals within a word."""
    shares = {codec: _share(octets.decode(codec, "replace")) for codec in _CYRILLIC}
    best = max(_CYRILLIC, key=shares.__getitem__)
    return best if shares[best] > least else ""


def _share(text: str) -> float:
    foreign = [char for char in text if char > "\x7f"]
    often = sum(char in _OFTEN_CYRILLIC for char in foreign)
    bent = sum(before.islower() and char.isupper() for before, char in pairwise(foreign))
    return (often - bent) / len(foreign)


def _eastern(raw: bytes) -> str:
    """A double-octet charset in which all of it can be read, and whose frequent characters occur."""
    scores = {codec: _readable(raw, codec) for codec in _EASTERN}
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] > 0.2 else ""


def _readable(raw: bytes, codec: str) -> float:
    """The share of frequent characters, common ones counted a quarter; 0 where more than a last octet is no text."""
    often, first, last = _EASTERN[codec]
    foreign = [char for char in raw.decode(codec, "replace") if char > "\x7f"]
    bad = foreign.count("\ufffd")
    if len(foreign) < 2 or bad > 1 + len(foreign) // 50:
        return 0
    common = (
        sum(first <= char.encode(codec, "replace")[0] <= last for char in foreign if char != "\ufffd") if first else 0
    )
    return (sum(char in often for char in foreign) + common / 4) / len(foreign)
