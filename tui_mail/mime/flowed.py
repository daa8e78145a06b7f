"""format=flowed (RFC 3676): paragraphs to soft lines and back."""

from __future__ import annotations

WIDTH = 72


def unflow(text: str, *, delsp: bool = False) -> str:
    """Soft line ends joined; quotes keep their depth, the signature mark stands alone."""
    out: list[str] = []
    paragraph: list[str] = []
    depth_of = -1

    def close() -> None:
        if paragraph:
            out.append(_quoted("".join(paragraph), depth_of))
            paragraph.clear()

    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if depth != depth_of or bare == "-- ":
            close()
            depth_of = depth
        if bare.endswith(" ") and bare != "-- ":
            paragraph.append(bare[:-1] if delsp else bare)
            continue
        paragraph.append(bare)
        close()
    close()
    return "\n".join(out)


def _quoted(line: str, depth: int) -> str:
    return f"{'>' * depth} {line}" if depth > 0 else line


def flow(text: str) -> str:
    """The body as it is sent: paragraphs broken softly at 72, quoted ones too, lines that need it stuffed."""
    out: list[str] = []
    for line in text.split("\n"):
        if line == "-- ":
            out.append(line)
            continue
        line = line.rstrip(" ")
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        marks = ">" * depth + " " if depth else ""
        if depth and bare and not bare.startswith(" "):
            out.append(line)  # `>text` without the blank: left as somebody wrote it
            continue
        for piece in _soft(bare.removeprefix(" ") if depth else bare, WIDTH - min(len(marks), 40)):
            is_stuffed = not depth and piece.startswith((" ", "From ", ">"))
            out.append((marks + piece if piece else ">" * depth) if depth else " " + piece if is_stuffed else piece)
    return "\n".join(out)


def _soft(line: str, width: int) -> list[str]:
    """Pieces of at most `width` characters, all but the last ending in the blank at which they were cut."""
    pieces = []
    while len(line) > width:
        cut = line.rfind(" ", 1, width) + 1 or line.find(" ", width) + 1
        if not cut or cut >= len(line):
            break
        pieces.append(line[:cut])
        line = line[cut:]
    pieces.append(line)
    return pieces
