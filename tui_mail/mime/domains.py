"""Domain names as eyes take them: scripts that are mixed, letters that look like others, names one letter apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
"""Scripts that honest names mix (UTS 39 section 5.2, highly restrictive)."""
_LOOKS = str.maketrans(
    dict(
        zip("аеорсухіјѕԁһӏԛԝкмтвнгьпи", "aeopcyxijsdhlqwkmtbhrbnu", strict=True),  # Cyrillic
        **dict(zip("βαορντυκιχγεηω", "baopvtukixyenw", strict=True)),  # Greek
        **{"0": "o", "1": "l", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "i": "l"},
    )
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gob", "gov", "gv", "ltd", "me", "mil", "ne", "net", "or", "org"})
_LONG_ENOUGH = 6
"""Letters from which on a name one letter off is no coincidence."""


def readable(domain: str) -> str:
    """Labels of punycode decoded; what cannot be decoded stays."""
    return ".".join(map(_decoded, domain.lower().split(".")))


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def punycode(domain: str) -> str:
    """The name as it travels; labels that cannot be encoded stay."""
    return ".".join(map(_encoded, domain.lower().split(".")))


def _encoded(label: str) -> str:
    if label.isascii():
        return label
    return "xn--" + unicodedata.normalize("NFC", label).encode("punycode").decode("ascii")


def registered(domain: str) -> str:
    """What somebody registered, as far as it can be told without a list: `mail.example.co.uk` → `example.co.uk`."""
    labels = domain.lower().strip(".").split(".")
    keep = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-keep:])


def is_mixed(domain: str) -> bool:
    """Whether one label mixes scripts as no honest name does."""
    return any(_is_mixed(label) for label in readable(domain).split("."))


def _is_mixed(label: str) -> bool:
    scripts = {_script(char) for char in label if char.isalpha()}
    return len(scripts) > 1 and not any(scripts <= honest for honest in _TOGETHER)


def _script(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").split()[0].split("-")[0]


def skeleton(domain: str) -> str:
    """What two names share that look alike."""
    text = unicodedata.normalize("NFKD", readable(domain))
    text = "".join(char for char in text if not unicodedata.combining(char)).translate(_LOOKS)
    for pair, single in _PAIRS:
        text = text.replace(pair, single)
    return text


def imitated(domain: str, known: Collection[str]) -> str:
    """The known name that this one could be taken for, or empty. Names below a known one are its own."""
    mine = registered(readable(domain))
    theirs = {registered(readable(one)) for one in known}
    if not mine or mine in theirs:
        return ""
    drawn = skeleton(mine)
    if not mine.isascii() and drawn.isascii() and drawn not in theirs and _is_foreign_throughout(mine):
        return drawn  # every letter is foreign, and every letter looks like a Latin one
    for one in sorted(theirs):
        if drawn == skeleton(one) or _is_one_off(mine, one):
            return one
    return ""


def _is_foreign_throughout(domain: str) -> bool:
    letters = [char for char in domain.rpartition(".")[0] if char.isalpha()]
    return bool(letters) and all(_script(char) in ("CYRILLIC", "GREEK") for char in letters)


def _is_one_off(mine: str, other: str) -> bool:
    """The same ending, and the name before it one letter added, left out, changed, or two swapped."""
    (a, _, end), (b, _, other_end) = mine.partition("."), other.partition(".")
    if end != other_end or a == b or min(len(a), len(b)) < _LONG_ENOUGH or abs(len(a) - len(b)) > 1:
        return False
    start = next((at for at, (one, two) in enumerate(zip(a, b, strict=False)) if one != two), min(len(a), len(b)))
    rest, other_rest = a[start:], b[start:]
    if (rest + other_rest)[:1].isdigit():
        return False  # mail1 and mail2 are neighbours, not impostors
    swapped = rest[1:2] + rest[:1] + rest[2:] == other_rest
    return rest[1:] == other_rest or rest == other_rest[1:] or rest[1:] == other_rest[1:] or swapped
