"""Subjects of answers and forwards: one prefix, whatever languages stood there before."""

from __future__ import annotations

import re

_COUNT = r"(?:\s?\[\d{1,3}\]|\s?\(\d{1,3}\)|\^\d{1,3}|\*\d{1,3})?"
_ANSWER = (
    "re|aw|antw|antwort|sv|vs|ref|rif|r|réf|res|odp|ynt|yan|vá|válasz|atb|ats|bls|απ|σχετ|ответ|ha"
    "|回复|回覆|答复|答覆|返信|답장|회신|תשובה|השב|رد"
)
_PASSED = (
    "fwd?|wg|tr|rv|enc|i|vl|vb|vbs|doorst|pd|ilt|továbbítás|továbbítva|πρθ|прд|пересл|fs"
    "|转发|轉寄|轉發|転送|전달|הועבר|إعادة توجيه"
)
_ANSWERED = re.compile(rf"(?:(?:{_ANSWER}){_COUNT}\s?[::]\s*)+", re.I)
_FORWARDED = re.compile(rf"(?:(?:{_PASSED}){_COUNT}\s?[::]\s*)+", re.I)
_LIST_TAG = re.compile(r"(\[[^\[\]]{1,60}\]\s*)")


def reply_subject(subject: str) -> str:
    """`Re: ` once, whatever languages stood before it; a list's tag keeps its place behind it."""
    return "Re: " + _bare(subject, _ANSWERED)


def forward_subject(subject: str) -> str:
    return "Fwd: " + _bare(subject, _FORWARDED)


def _bare(subject: str, prefixes: re.Pattern[str]) -> str:
    if (match := prefixes.match(subject)) is not None:
        subject = subject[match.end() :]
    if (tag := _LIST_TAG.match(subject)) is not None and (match := prefixes.match(subject, tag.end())) is not None:
        return tag[1].rstrip() + " " + subject[match.end() :]
    return subject
