"""Drives the demo and writes what it looks like: the README's pictures, or `--all FOLDER` for every screen and state.

python bench/screenshots.py                          screenshots/*.svg, those of the README
python bench/screenshots.py --all FOLDER [NAME …]    every scene (or those named), two sizes, four themes
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path

from scenes import SCENES, Stage, staged

SMALL, WIDE = (80, 24), (120, 40)
THEMES = ("house-dark", "moss-dark", "house-light", "paper-light")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the README."""

    name: str
    scene: str
    size: tuple[int, int] = WIDE
    theme: str = "house-dark"


SHOTS = (
    Shot("inbox", "inbox"),
    Shot("inbox-light", "inbox", theme="house-light"),
    Shot("inbox-small", "inbox", SMALL),
    Shot("inbox-small-light", "inbox", SMALL, "house-light"),
    Shot("message", "message-quotes"),
    Shot("message-small", "message", SMALL),
    Shot("search", "search"),
    Shot("compose", "reply"),
    Shot("compose-small", "reply", SMALL, "house-light"),
    Shot("help", "help", SMALL),
    Shot("palette", "palette-typed", SMALL),
)


async def take(scene: str, size: tuple[int, int], pictures: dict[str, Path]) -> None:
    """One run of the program, photographed in each of these themes."""
    wanted = next(one for one in SCENES if one.name == scene)
    async with staged(wanted, size, next(iter(pictures))) as stage:
        for theme, path in pictures.items():
            stage.app.theme = theme
            await stage.pilot.pause(0.05)
            write(stage, path)


def write(stage: Stage, path: Path) -> None:
    picture = stage.app.export_screenshot(title="tui-mail")
    # without it some viewers swallow the blanks at the start of a run of text
    path.write_text(picture.replace("<svg ", '<svg xml:space="preserve" ', 1), "utf-8")
    print(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every screen and state, into this folder")
    parser.add_argument("names", nargs="*", help="with --all: only these scenes")
    chosen = parser.parse_args()
    os.environ["TZ"] = "UTC"  # the hours in the pictures are the same wherever they are taken
    time.tzset()
    if chosen.all is None:
        folder = Path(__file__).parents[1] / "screenshots"
        for shot in SHOTS:
            asyncio.run(take(shot.scene, shot.size, {shot.theme: folder / f"{shot.name}.svg"}))
        return
    chosen.all.mkdir(parents=True, exist_ok=True)
    for scene in SCENES:
        if not chosen.names or scene.name in chosen.names:
            for size in (SMALL, WIDE):
                stem = f"{scene.name}-{size[0]}x{size[1]}"
                paths = {theme: chosen.all / f"{stem}-{theme}.svg" for theme in THEMES}
                asyncio.run(take(scene.name, size, paths))


if __name__ == "__main__":
    main()
