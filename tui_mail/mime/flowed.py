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
    """The body as it is sent: paragraphs broken softly at 72, lines that need it stuffed with a blank."""
    out: list[str] = []
    for line in text.split("\n"):
        if line == "-- ":
            out.append(line)
            continue
        line = line.rstrip(" ")
        if line.startswith(">"):
            out.append(line)  # quotes keep the lines they came with
            continue
        pieces = _soft(line)
        out += [" " + piece if piece.startswith((" ", "From ", ">")) else piece for piece in pieces]
    return "\n".join(out)


def _soft(line: str) -> list[str]:
    """Pieces of at most 72 characters, all but the last ending in the blank at which they were cut."""
    pieces = []
    while len(line) > WIDTH:
        cut = line.rfind(" ", 1, WIDTH) + 1 or line.find(" ", WIDTH) + 1
        if not cut or cut >= len(line):
            break
        pieces.append(line[:cut])
        line = line[cut:]
    pieces.append(line)
    return pieces
