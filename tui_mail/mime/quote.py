"""What an answer quotes and a forward passes on: the words of a letter, and the line that leads them in."""

from __future__ import annotations

import re
import time

from tui_mail.model.document import Block, Document
from tui_mail.model.message import Message

_MOST_QUOTED = 1_000_000
_ATTRIBUTIONS = {
    "en": ("%a, %d %b %Y at %H:%M", "On {date}, {who} wrote:", "{who} wrote:"),
    "de": ("%d.%m.%Y um %H:%M", "Am {date} schrieb {who}:", "{who} schrieb:"),
    "fr": ("%d/%m/%Y à %H:%M", "Le {date}, {who} a écrit :", "{who} a écrit :"),
    "es": ("%d/%m/%Y a las %H:%M", "El {date}, {who} escribió:", "{who} escribió:"),
    "it": ("%d/%m/%Y alle %H:%M", "Il {date}, {who} ha scritto:", "{who} ha scritto:"),
    "pt": ("%d/%m/%Y às %H:%M", "Em {date}, {who} escreveu:", "{who} escreveu:"),
    "nl": ("%d-%m-%Y om %H:%M", "Op {date} schreef {who}:", "{who} schreef:"),
    "pl": ("%d.%m.%Y o %H:%M", "{date} {who} pisze:", "{who} pisze:"),
    "cs": ("%d.%m.%Y v %H:%M", "Dne {date} {who} napsal(a):", "{who} napsal(a):"),
    "sv": ("%Y-%m-%d kl. %H:%M", "Den {date} skrev {who}:", "{who} skrev:"),
    "da": ("%d.%m.%Y kl. %H.%M", "Den {date} skrev {who}:", "{who} skrev:"),
    "nb": ("%d.%m.%Y kl. %H:%M", "Den {date} skrev {who}:", "{who} skrev:"),
    "fi": ("%d.%m.%Y klo %H.%M", "{date} {who} kirjoitti:", "{who} kirjoitti:"),
    "tr": ("%d.%m.%Y %H:%M", "{date} tarihinde {who} şunu yazdı:", "{who} şunu yazdı:"),
    "ru": ("%d.%m.%Y %H:%M", "{date}, {who} пишет:", "{who} пишет:"),
    "uk": ("%d.%m.%Y %H:%M", "{date}, {who} пише:", "{who} пише:"),
    "ja": ("%Y/%m/%d %H:%M", "{date} に {who} さんが書きました:", "{who} さんが書きました:"),
    "zh": ("%Y-%m-%d %H:%M", "{date}，{who} 写道：", "{who} 写道："),
    "ko": ("%Y-%m-%d %H:%M", "{date}에 {who} 님이 작성:", "{who} 님이 작성:"),
}
"""Language → the date as strftime writes it in figures, the line, the line without a date."""


def attribution(message: Message, language: str = "") -> str:
    """The line above a quote. `language` is `de`, `de_AT.UTF-8`, `nn_NO`; one that is not known here is English."""
    code = language.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    code = "nb" if code in ("no", "nn") else code
    form, dated, undated = _ATTRIBUTIONS.get(code, _ATTRIBUTIONS["en"])
    who = message.sender.short or "somebody"
    if message.date is None:
        return undated.replace("{who}", who)
    date = time.strftime(form, time.localtime(message.date))
    return dated.replace("{date}", date).replace("{who}", who)  # the name last: what it holds is not looked at


def quoted(text: str) -> str:
    """The text with a mark before each line."""
    return "\n".join(_quote(line) for line in text.split("\n"))


def header_block(message: Message) -> list[str]:
    """What stands above a forwarded text; every value is one line."""
    lines = ["---------- Forwarded message ----------", f"From: {message.sender}"]
    if message.date is not None:
        lines.append(f"Date: {_when(message.date)}")
    lines.append(f"Subject: {message.subject}")
    for name, people in (("To", message.to), ("Cc", message.cc)):
        if people:
            lines.append(f"{name}: {', '.join(map(str, people))}")
    return lines


def words(message: Message) -> str:
    """The text to quote: the plain one, else what the HTML says; without the signature."""
    text = message.text
    drawn = _readable(message.document)
    if message.html and len(text.split()) * 2 < len(drawn.split()):
        text = drawn
    text = text.split("\n-- \n", 1)[0] if "\n-- \n" in text else text
    return text.strip("\n")[:_MOST_QUOTED]


_LABEL = re.compile(r"\[\d+\](?: → \S+)?\Z")


def _readable(document: Document) -> str:
    """A document as text without the numbers of its links, which mean nothing in a letter."""
    lines = []
    for block in document.blocks:
        runs = tuple(run for run in block.runs if not (run.link and _LABEL.match(run.text)))
        bare = Block(block.kind, runs, block.quote, block.first, block.rest, block.level, block.rows)
        lines.append(Document((bare,)).text)
    return "\n".join(lines)


def _quote(text: str) -> str:
    return (">" if text.startswith(">") or not text else "> ") + text


def _when(date: int) -> str:
    return time.strftime("%a, %d %b %Y at %H:%M", time.localtime(date))
