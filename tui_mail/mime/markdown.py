"""Markdown as the HTML form of a letter: raw HTML stays text, and nothing in it is fetched from anywhere."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping, Sequence

from markdown_it import MarkdownIt  # the toolkit brings it; used for letters that are written in Markdown only
from markdown_it.token import Token

_SIGNATURE = "\n-- \n"
_HEAD = '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>\n'


def html(text: str, images: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    """The page, and the names of the images that it shows. `images` maps the name of an enclosed image to its
    Content-ID; an image from elsewhere becomes a link, because mail programs do not fetch it."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    body, mark, signature = text.partition(_SIGNATURE)
    shown: set[str] = set()
    tokens = parser.parse(body)
    for token in tokens:
        if token.children:
            token.children = _drawn(token.children, images, shown)
    page = parser.renderer.render(tokens, parser.options, {})
    if mark:
        lines = "<br>\n".join(_escaped(line) for line in signature.strip("\n").split("\n"))
        page += f"<p>-- <br>\n{lines}</p>\n"
    return f"{_HEAD}{page}</body></html>\n", frozenset(shown)


def _drawn(tokens: Sequence[Token], images: Mapping[str, str], shown: set[str]) -> list[Token]:
    found = []
    for token in tokens:
        if token.type != "image":
            found.append(token)
            continue
        target = urllib.parse.unquote(str(token.attrs.get("src", "")))
        name = target.removeprefix("./")
        if name in images:
            token.attrs["src"] = f"cid:{images[name]}"
            shown.add(name)
            found.append(token)
        else:
            words = token.content or target
            found.append(Token("text", "", 0, content=f"{words} ({target})" if words != target else target))
    return found


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
