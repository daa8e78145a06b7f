"""What may have been forgotten or mistaken in a letter: remarks that never stop anybody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .address import Address, parse_list
from .draft import Draft
from .template import fields_in

Place = Literal["from", "to", "cc", "bcc", "subject", "files", "body"]
MANY = 10
"""Recipients from which a letter is a crowd's."""
_LOOKED_AT = 100_000
"""Characters of a text that are read: what is longer is nobody's own words."""
HEAVY = 20_000_000
"""Octets of files that many servers refuse once they are encoded."""

_ATTACHED = re.compile(
    r"\b(?:attach(?:ed|ment|ments|ing)?|enclosed|(?:im |beigefügten? )?anhang|anbei|angehängt|anlage|beigefügt"
    r"|ci-joint|pi[eè]ces? jointes?|adjunt[oa]s?|adjunto|allegat[oi]|in allegato|bijlage|vedlagt|bifogad)\b",
    re.I,
)
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|dear|good (?:morning|day|afternoon|evening)|hallo|liebe[rs]?|moin|guten (?:tag|morgen|abend)"
    r"|(?:sehr )?geehrte[rs]?|bonjour|bonsoir|cher|chère|salut|hola|querid[oa]|estimad[oa]|ciao|car[oa]|gentile"
    r"|olá|prezad[oa]|beste|geachte|hoi|hej|kära|kjære|kære|hei|cześć|drog[ia])\s+)+([^,!.:;?\n]{1,60})",
    re.I,
)
_WHOLE = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")
_TITLE_WORDS = (
    "mr mrs ms miss dr prof professor sir madam herr frau herrn monsieur madame mme mlle señor señora sr sra signor"
    " signora dottor dottoressa pan pani heer mevrouw"
)
_TITLES = frozenset(_TITLE_WORDS.split())
_CROWD_WORDS = (
    "all everybody everyone both team folks friends there again you together colleagues list world guys people"
    " alle allerseits zusammen leute kollegen kolleginnen freunde damen herren tous toutes todos todas tutti allemaal"
    " the and und et y e to from"
)
_EVERYBODY = frozenset(_CROWD_WORDS.split())
_SECRETS = (
    (re.compile(r"-----BEGIN (?:[A-Z0-9 ]+ )?PRIVATE KEY(?: BLOCK)?-----"), "a private key"),
    (re.compile(r"\bAKIA[0-9A-Z]{16}\b"), "an access key"),
    (re.compile(r"\b(?:ghp|gho|ghs|glpat|xox[bp])[-_][A-Za-z0-9_-]{20,}"), "an access token"),
)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that may not be as it was meant."""

    place: Place
    text: str
    """A sentence."""


@dataclass(frozen=True)
class Acquaintance:
    """What is known of the people one writes to; made seldom, asked often."""

    letters: Mapping[str, int]
    """How often one wrote to each address before (its `key`)."""
    own: frozenset[str] = frozenset()
    """The own addresses' keys."""
    _kin: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)
    """The addresses that look alike, have the local part, have the domain: `=…`, `…@`, `@…`."""

    def __post_init__(self) -> None:
        for key in self.letters:
            local, _, domain = key.rpartition("@")
            for name in (f"={_seen(key)}", f"{local}@", f"@{domain}"):
                self._kin.setdefault(name, []).append(key)

    def kin(self, name: str) -> Sequence[str]:
        return self._kin.get(name, ())


NOBODY = Acquaintance({})
NO_SUBJECT = Remark("subject", "There is no subject.")
NO_TEXT = Remark("body", "There is no text.")


def lint(draft: Draft, known: Acquaintance = NOBODY, largest: int = 0) -> tuple[Remark, ...]:
    """The remarks, in the order of the fields; what keeps it from going comes first.

    `largest`: octets that a letter may have at its server, 0 where nobody knows.
    """
    return (
        *_too_large(draft, largest),
        *(*_sender(draft), *_people(draft, known), *_subject(draft), *_files(draft, largest), *_text(draft)),
    )


def _too_large(draft: Draft, largest: int) -> Iterator[Remark]:
    if 0 < largest < draft.weight:
        has, takes = _megabytes(draft.weight), _megabytes(largest)
        yield Remark("files", f"The letter has about {has}; your server takes at most {takes}.")


def _megabytes(octets: int) -> str:
    return f"{octets / 1_000_000:.1f} MB" if octets < 10_000_000 else f"{octets / 1_000_000:.0f} MB"


def _sender(draft: Draft) -> Iterator[Remark]:
    if draft.came_to and draft.came_to != draft.account:
        yield Remark("from", f"The letter came to {draft.came_to}; this answer leaves from {draft.account}.")


def _people(draft: Draft, known: Acquaintance) -> Iterator[Remark]:
    people = draft.recipients
    if len(people) > MANY:
        yield Remark("to", f"It goes to {len(people)} people.")
    if draft.list_post and len(people) > 1 and any(one.key == draft.list_post.lower() for one in people):
        yield Remark("to", f"It goes to the list {draft.list_post} and to people beside it.")
    elif draft.list_post and draft.in_reply_to and any(one.key == draft.list_post.lower() for one in people):
        yield Remark("to", f"Everybody on the list {draft.list_post} gets it.")
    if not known.letters:
        return  # nothing was learned yet: then everybody would be a stranger
    for name in ("to", "cc", "bcc"):
        for one in parse_list(getattr(draft, name)):
            if _WHOLE.match(one.email) and one.key not in known.letters and one.key not in known.own:
                yield _stranger(name, one, known)


def _stranger(place: Place, one: Address, known: Acquaintance) -> Remark:
    if (double := look_alike(one.key, known)) and double != one.key:
        return Remark(place, f"{one.email} is new to you, and nearly {double}.")
    return Remark(place, f"Your first letter to {one.email}.")


def look_alike(key: str, known: Acquaintance) -> str:
    """A known address that this one may be mistaken for, the one written to most; empty where there is none."""
    local, _, domain = key.rpartition("@")
    found = [other for other in known.kin(f"={_seen(key)}") if other != key]
    found += [other for other in known.kin(f"{local}@") if _is_near(other.rpartition("@")[2], domain)]
    if len(local) > 4:
        found += [other for other in known.kin(f"@{domain}") if _is_near(other.rpartition("@")[0], local)]
    return max(found, key=lambda other: known.letters[other], default="")


_DOUBLES = str.maketrans(
    {"0": "o", "1": "l", "і": "i", "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "х": "x", "у": "y", "ӏ": "l",
     "ѕ": "s", "ԁ": "d", "һ": "h", "ո": "n", "α": "a", "ο": "o", "ν": "v", "ı": "i", "|": "l"}
)  # fmt: skip


def _seen(key: str) -> str:
    """What the eye takes it for: letters of other scripts and digits as the Latin letters they look like."""
    plain = unicodedata.normalize("NFKD", key).translate(_DOUBLES)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return plain.replace("rn", "m").replace("vv", "w").replace("i", "l")


def _is_near(one: str, other: str) -> bool:
    """One letter more, less, other, or two changed places."""
    if one == other or abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 4:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    if len(one) == len(other):
        return one[1:] == other[1:] or (one[:2] == other[1::-1] and one[2:] == other[2:])
    return one[1:] == other or one == other[1:]


def _subject(draft: Draft) -> Iterator[Remark]:
    if not draft.subject.strip():
        yield NO_SUBJECT


def _files(draft: Draft, largest: int) -> Iterator[Remark]:
    total = sum(one.size for one in draft.enclosures)
    if total > HEAVY and not 0 < largest < draft.weight:
        yield Remark("files", f"{total / 1_000_000:.0f} MB of attachments: many servers refuse that much.")


def _text(draft: Draft) -> Iterator[Remark]:
    own = list(own_lines(draft.body[:_LOOKED_AT]))
    written = [line for line in own if line.strip()]
    if not written and not draft.forwards:
        yield NO_TEXT
    if not draft.enclosures and (word := next((m[0] for m in map(_ATTACHED.search, own) if m), "")):
        yield Remark("files", f"It says “{word}”, but nothing is attached.")
    if written and (name := _greeted(written[0], draft)):
        yield Remark("body", f"“{name}” is not among the recipients.")
    if waiting := fields_in(draft):
        yield Remark("body", f"{{{{{waiting[0]}}}}} is not filled in.")
    for pattern, what in _SECRETS:
        if pattern.search(draft.body, 0, _LOOKED_AT):
            yield Remark("body", f"The text holds {what}.")


def _greeted(line: str, draft: Draft) -> str:
    """The name in the first line's greeting that none of the recipients has, or empty."""
    match = _GREETING.match(line.strip())
    people = draft.recipients
    if match is None or not people or any(not one.name and one.email.count("-") > 2 for one in people):
        return ""
    words = [word for word in re.findall(r"[^\W\d_]+", match[1]) if word.lower() not in _TITLES]
    if not words or any(word.lower() in _EVERYBODY for word in words):
        return ""
    names = {_plain(part) for one in people for part in re.findall(r"[^\W\d_]+", f"{one.name} {_local(one)}")}
    run_together = {_plain(_local(one)) for one in people}
    if all(not word[0].isupper() for word in words):
        return ""  # no name: a greeting to nobody in particular
    for word in map(_plain, words):
        if word in names or any(name.startswith(word) or word.startswith(name) for name in names if len(name) > 2):
            return ""
        if any(word in local for local in run_together):
            return ""
    return " ".join(words)


def _local(one: Address) -> str:
    return one.email.partition("@")[0]


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def own_lines(body: str) -> Iterator[str]:
    """What the writer wrote: no quotes nor the line that leads them in, no signature, no forwarded letter."""
    before = ""
    for line in body.split("\n"):
        if line.rstrip() == "--" or (line.startswith(("-----", "---------- ")) and "PRIVATE KEY" not in line):
            break
        if line.startswith(">"):
            before = "" if before.rstrip().endswith((":", "：")) else before
        else:
            yield before
            before = line
    yield before
