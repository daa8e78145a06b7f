"""One-time codes in letters: what a service sends to let somebody in."""

from __future__ import annotations

import re

_WORD = (
    r"(?:code|otp|pin|passcode|tan|token|kod|kode|koodi|codice|código|codigo|código|Einmal\w*|Bestätigungs\w*|"
    r"Sicherheits\w*|Anmelde\w*|one[- ]time|verification|sign[- ]?in|log[- ]?in|2fa|"
    r"验证码|驗證碼|校验码|認証コード|確認コード|ワンタイム|인증번호|인증 코드|код|пароль|رمز|κωδικ\w*)"
)
_NEAR = re.compile(_WORD, re.I)
_CODE = re.compile(
    r"(?<![\w./#€$£@=&%+\-,])("
    r"[A-Z]{1,3}-\d{4,8}"  # G-123456
    r"|\d{3}[ -]\d{3}(?![ -]?\d)"
    r"|\d{4,8}"
    r"|(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{5,8}"
    r")(?![\w/@%€$£]|[.,]\d|-\w)"
)
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_PRICE = re.compile(r"\s*(?:EUR|USD|GBP|CHF|kr|Uhr)\b")
_NAMED = re.compile(r"(?:RFC|ISO|CVE|IEEE|DIN|EN|UTF)-?\d+\Z|\d+(?:DM|EUR|USD|GB|MB|KM)\Z")
_FAR, _NEARBY = 120, 40
"""Characters between the word that promises a code and the code: in a letter that is about a code, and in another."""
_SHORT = 1500
"""Characters of a letter that may be about nothing else."""
_MOST = 20_000
_MOST_CODES = 5


def codes(subject: str, text: str) -> tuple[str, ...]:
    """The codes in order, the one nearest to its announcement first; none where nothing announces one."""
    found: dict[str, int] = {}
    far_at_most = _FAR if len(text) <= _SHORT or _NEAR.search(subject[:500]) else _NEARBY
    for words in (subject[:500], text[:_MOST]):
        announced = [match.end() for match in _NEAR.finditer(words)]
        if not announced:
            continue
        for match in _CODE.finditer(words):
            if not _is_code(match[1], words[match.end() : match.end() + 8]):
                continue
            far = min(abs(match.start() - at) for at in announced)
            if far <= far_at_most:
                code = match[1].replace(" ", "") if match[1][3:4] == " " else match[1]
                found[code] = min(far, found.get(code, far))
    return tuple(sorted(found, key=lambda code: found[code])[:_MOST_CODES])


def _is_code(code: str, after: str) -> bool:
    return not (_YEAR.match(code) or _NAMED.match(code) or _PRICE.match(after))
