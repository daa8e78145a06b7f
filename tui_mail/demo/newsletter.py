"""Turns the short notation of the newsletters into the kind of HTML that newsletters are: nested tables and all."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """How one sender's letters look."""

    name: str
    domain: str
    ink: str
    paper: str
    accent: str
    font: str = "Georgia, 'Times New Roman', serif"


STYLES = {
    "loaf": Style("The Slow Loaf", "slow-loaf.example", "#3b2a1a", "#fbf5ec", "#b5651d"),
    "museum": Style("Tidewater Museum", "tidewater.example", "#12303f", "#eef4f6", "#0a6c86"),
    "rail": Style("Northline Rail", "northline.example", "#1a1a1a", "#f2f2f2", "#9b1c31", "Arial, sans-serif"),
    "kettle": Style("Kettle & Crumb", "kettle-crumb.example", "#2d2431", "#fff8f3", "#c2456b", "Verdana, sans-serif"),
    "dispatch": Style("Byte Dispatch", "byte-dispatch.example", "#0f172a", "#f8fafc", "#4338ca", "Arial, sans-serif"),
}

_LINK = re.compile(r"\[([^\]|]+)\|([^\]]+)\]")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")


def plain(source: str) -> str:
    """The text part: the notation itself is nearly that already."""
    text = _LINK.sub(r"\1 <\2>", source)
    text = re.sub(r"^!\s*(\S+)\s*(.*)$", r"[\2]", text, flags=re.M)
    text = re.sub(r"^#+ (.*)$", lambda found: f"{found[1]}\n{'-' * len(found[1])}", text, flags=re.M)
    return _STRONG.sub(r"\1", text)


def page(source: str, style: Style, key: str, preheader: str) -> str:
    """The HTML part."""
    blocks = [_block(block, style) for block in re.split(r"\n{2,}", source.strip())]
    rows = "\n".join(_row(block, style) for block in blocks)
    return _FRAME.format(
        name=html.escape(style.name),
        domain=style.domain,
        ink=style.ink,
        paper=style.paper,
        accent=style.accent,
        font=style.font,
        preheader=html.escape(preheader) + " &#847;&zwnj;&nbsp;" * 40,
        rows=rows,
        key=key,
    )


def _inline(text: str, style: Style) -> str:
    shown = _STRONG.sub(r"<strong>\1</strong>", html.escape(text, quote=False))
    return _LINK.sub(rf'<a href="\2" style="color:{style.accent};text-decoration:underline;">\1</a>', shown)


def _block(block: str, style: Style) -> str:
    first = block.split(" ", 1)[0]
    lines = block.split("\n")
    if first in ("#", "##", "###"):
        size = {"#": 30, "##": 22, "###": 18}[first]
        level = len(first)
        words = _inline(lines[0][level + 1 :], style)
        shown = f'<h{level} style="margin:0;font-size:{size}px;line-height:1.25;color:{style.ink};">{words}</h{level}>'
        return shown + (_block("\n".join(lines[1:]), style) if len(lines) > 1 else "")
    if first == "!":
        _, name, said = html.escape(lines[0]).split(" ", 2)
        return (
            f'<img src="https://img.{style.domain}/2026/{name}" width="536" alt="{said}" border="0" '
            'style="display:block;width:100%;max-width:536px;height:auto;border-radius:6px;">'
        )
    if first == "*":
        items = "".join(f'<li style="margin:0 0 8px 0;">{_inline(line[2:], style)}</li>' for line in lines)
        return f'<ul style="margin:0;padding:0 0 0 22px;">{items}</ul>'
    if first == "|":
        return _table(lines, style)
    if first == "=>":
        return _button(lines[0][3:], style)
    if block.strip() == "---":
        return f'<hr style="border:0;border-top:1px solid {style.accent};height:1px;">'
    return f'<p style="margin:0;font-size:16px;line-height:1.55;">{_inline(" ".join(lines), style)}</p>'


def _table(lines: list[str], style: Style) -> str:
    """A real table, among all those that only hold the page together."""
    rows = []
    for number, line in enumerate(lines):
        tag = "th" if number == 0 else "td"
        cells = "".join(
            f'<{tag} align="{"right" if place and cell.strip()[:1].isdigit() else "left"}" '
            f'style="padding:6px 10px;border-bottom:1px solid {style.accent};">{_inline(cell.strip(), style)}</{tag}>'
            for place, cell in enumerate(line.strip("| ").split("|"))
        )
        rows.append(f"<tr>{cells}</tr>")
    return (
        '<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:14px;">'
        f"{''.join(rows)}</table>"
    )


def _button(text: str, style: Style) -> str:
    words, _, link = text.partition(" | ")
    return (
        '<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>'
        f'<td bgcolor="{style.accent}" style="border-radius:4px;"><a href="{link}" target="_blank" '
        f'style="display:inline-block;padding:12px 26px;font-family:{style.font};font-size:16px;color:#ffffff;'
        f'text-decoration:none;">{html.escape(words)}</a></td></tr></table>'
    )


def _row(block: str, style: Style) -> str:
    return (
        '<tr><td style="padding:0 32px 20px 32px;" class="pad">'
        '<!--[if mso]><table role="presentation" width="536"><tr><td><![endif]-->'
        f'<div style="font-family:{style.font};color:{style.ink};">{block}</div>'
        "<!--[if mso]></td></tr></table><![endif]--></td></tr>"
    )


_FRAME = """<!DOCTYPE html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{name}</title>
<style type="text/css">
  body {{ margin: 0 !important; padding: 0 !important; -webkit-text-size-adjust: 100%; background: {paper}; }}
  table, td {{ border-collapse: collapse; mso-table-lspace: 0pt; mso-table-rspace: 0pt; }}
  img {{ border: 0; line-height: 100%; outline: none; -ms-interpolation-mode: bicubic; }}
  a:hover {{ opacity: 0.8; }}
  @media only screen and (max-width: 600px) {{
    .sheet {{ width: 100% !important; }}
    .pad {{ padding-left: 16px !important; padding-right: 16px !important; }}
  }}
  @media (prefers-color-scheme: dark) {{ .sheet {{ background: #1c1c1c !important; }} }}
</style>
</head>
<body style="margin:0;padding:0;background-color:{paper};">
<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;">
{preheader}
</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="{paper}">
<tr><td align="center" style="padding:24px 8px;">
<table role="presentation" class="sheet" width="600" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff">
<tr><td align="center" style="padding:28px 32px 20px 32px;">
<a href="https://www.{domain}/?from=letter" style="text-decoration:none;">
<img src="https://img.{domain}/logo@2x.png" width="180" alt="{name}" style="display:block;font-family:{font};
font-size:26px;font-weight:bold;color:{accent};"></a>
</td></tr>
{rows}
<tr><td style="padding:24px 32px;font-family:{font};font-size:12px;line-height:1.6;color:#6b6b6b;" class="pad">
<p style="margin:0 0 8px 0;">You get this letter because you asked for it.
<a href="https://www.{domain}/leave?who=demo" style="color:#6b6b6b;">Unsubscribe</a> &nbsp;|&nbsp;
<a href="https://www.{domain}/letters/{key}" style="color:#6b6b6b;">Read it on the web</a></p>
<p style="margin:0;">{name} &middot; Quay Street 9 &middot; Exampleton</p>
</td></tr>
</table>
</td></tr>
</table>
<img src="https://open.{domain}/o/{key}.gif?u=demo%40example.org" width="1" height="1" alt="" border="0">
</body>
</html>
"""
