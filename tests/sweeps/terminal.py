"""Somebody works in a real terminal for as long as is wanted, beside a second program: in the end screen, files and
server hold the same."""

from __future__ import annotations

import random
import re
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.sweeps.differential import Wrong
from tests.sweeps.other import Census, Fate, Other
from tests.sweeps.place import Place
from tests.ui.pty.tui import Tui
from tui_mail.backend.imap.names import decode
from tui_mail.config.file import append_account
from tui_mail.engine.flags import unpack
from tui_mail.model.message import ANSWERED, DELETED, FLAGGED, FORWARDED, REPLY_LATER, SEEN

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0
"""Seconds after the last key until screen and server must agree."""
_ALONE = 0.15
"""Seconds after which Esc is a key of its own: what follows sooner is Alt and a letter, to any terminal."""
_SECOND = 1.1
"""Seconds after which a server that tells versions of a file apart by whole seconds sees that it is another."""
_LETTERS = 60
_ROW = re.compile(r"(?:^|│)[▌ ] ([ ●])([ ★])([ ←→↵]) \S.*?\bletter (\d+\.[0-9a-f]+)")
"""A line of the list: unread, starred, to be answered or answered or forwarded, and the name in its subject."""
_FOLDS = re.compile(r"│.* (?:[▸▾]\d+|└) ")
"""Threads are shown as such: one of the keys, or the palette, said so."""
_TITLE = re.compile(r"(?:(?P<unread>[\d,]+) unread of )?(?P<total>[\d,]+) messages?\b")
_GOES = ("j", "j", "j", "k", "\x1b[B", "\x1b[A", "\x1b[6~", "gg", "G", "\t", "\x04")
_CHANGES = ("e", "e", "d", "d", "s", "s", "u", "u", "!", "I", "U", "z", "z", "Z", ".", "xjxe", "xjjxd", "xjxjxs", "*uI")
_PLACES = ("gi", "gi", "gi", "ga", "gx", "gs", "gt")
_LOOKS = ("?", "gh", "go", "gp", "\x1b[24~", "\x10", "b", "F", "W", "v", "y", "$", "\x0c")
_NOISE = "abcdefhijklmnorstuvwxyzBCDEFGHIJKLMNQRUVWZ0123456789 .,;<>#!$*/\\"
"""Any key but those that end the program, run others, write files, or change how the list looks."""
_WORDS = ("the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog", "and", "writes", "a", "letter")

Screen = Counter[tuple[str, bool, bool, str]]
"""How often each (name in the subject, unread, starred, the sign of what became of it) is listed."""


@dataclass(slots=True)
class Story:
    """What was done so far; a failing seed tells the end of it."""

    lines: list[str] = field(default_factory=list)
    keys: int = 0
    acts: int = 0
    lives: int = 0

    def add(self, line: str) -> None:
        self.lines.append(line)

    def told(self, trouble: str) -> str:
        return "\n".join([trouble, *self.lines[-400:]])


class Terminal:
    """The person at the keyboard: every gesture is what a person does, by the seed's dice."""

    def __init__(self, place: Place, folder: Path, dice: random.Random, story: Story) -> None:
        self._dice = dice
        self._story = story
        self._home = folder
        self.data = folder / "data"
        self._config = folder / "config.toml"
        word = folder / "word"
        word.write_text(place.secret.reveal())
        append_account(self._config, replace(place.account, password_command=("cat", str(word))))
        self._config.write_text(
            self._config.read_text() + '\n[ui]\nmark_read_after = 0\npreview = "below"\n\n[compose]\nundo_send = 3\n'
        )
        self._written = 0
        self.tui = self._begin()

    def _begin(self) -> Tui:
        self._story.lives += 1
        words = [sys.executable, "-m", "tui_mail", "--config", str(self._config)]
        environ = {"PYTHONPATH": str(ROOT), "HOME": str(self._home), "EDITOR": "true", "BROWSER": "true"}
        return Tui(words, environ).until("● online", 60)

    def press(self, keys: str) -> None:
        self._story.keys += 1
        self.tui.send(keys)
        self.tui.pump(self._dice.uniform(0.01, 0.15))

    def rest(self, seconds: float) -> None:
        """Watches the screen for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.tui.pump(left)

    def home(self) -> None:
        for _ in range(4):
            self.press("\x1b")
            self.rest(_ALONE)

    def act(self) -> str:
        """One gesture, in words. Raises Wrong where the program ended by itself."""
        gestures: list[tuple[int, Callable[[], str]]] = [
            (30, lambda: self._keys("go", _GOES)),
            (24, lambda: self._keys("change", _CHANGES)),
            (8, lambda: self._keys("place", _PLACES)),
            (8, self._file),
            (6, self._read),
            (5, lambda: self._keys("look", _LOOKS)),
            (4, self._search),
            (4, self._write),
            (3, self._noise),
            (2, self._resize),
            (1, self._folder),
            (1, self._leave),
        ]
        verbs = [verb for weight, verb in gestures for _ in range(weight)]
        said = self._dice.choice(verbs)()
        self._look_alive()
        return said

    def _keys(self, what: str, choices: tuple[str, ...]) -> str:
        chosen = self._dice.choice(choices)
        if what != "go":
            self.home()
        for key in [chosen] if chosen.startswith("\x1b") else chosen:
            self.press(key)
        return f"{what} {chosen!r}"

    def _file(self) -> str:
        """To a folder by a part of its name: moved, copied, or only looked at."""
        verb, part = self._dice.choice(["v", "v", "y", "gf"]), self._dice.choice(["Arch", "Dra", "Tr", "Lists", "Two"])
        self.home()
        self._type(verb)
        self.rest(0.3)
        self._type(part + "\r")
        return f"{verb} {part}"

    def _read(self) -> str:
        keys = "".join(self._dice.choices("Jj K\x04seduzQhE", k=self._dice.randint(1, 6)))
        self.home()
        self._type("\r" + keys)
        return f"read, {keys!r}"

    def _search(self) -> str:
        word = self._dice.choice(["letter", "letter 1", "is:unread", "from:bob", "is:starred", "in:archive letter"])
        self.home()
        self._type(self._dice.choice("/\\") + word + "\r")
        self.rest(0.5)
        self._type(self._dice.choice(["e", "s", "jd", "ju", "\r", "z"]))
        return f"search {word}"

    def _write(self) -> str:
        """A letter of our own: sent, kept or thrown away."""
        self._written += 1
        name = f"{self._written}.{self._dice.getrandbits(32):08x}"
        self.home()
        if self._dice.random() < 0.4:
            self._type("r")
            self.rest(0.8)
        else:
            self._type("c")
            self.tui.quiet()
            if "Subject" not in self.tui.text:
                return "no composer came"
            self._type(f"bob@example.net\t\t\tletter {name}\t")
        if "Subject" not in self.tui.text:
            return "no composer came"  # its words would be keys of the list, and one of them ends the program
        self._type(" ".join(self._dice.choices(_WORDS, k=self._dice.randint(3, 12))))
        end = self._dice.choice(["\x12\r", "\x12\r", "\x1b", "\x07\r"])
        self.rest(0.5)
        self._type(end)
        self.rest(0.5)
        return f"write {name}, then {end!r}"

    def _noise(self) -> str:
        keys = "".join(self._dice.choices(_NOISE, k=self._dice.randint(2, 12)))
        self.home()
        self._type(keys)
        self.home()
        return f"noise {keys!r}"

    def _resize(self) -> str:
        columns, rows = self._dice.choice([(80, 24), (100, 30), (120, 40), (60, 15), (200, 50)])
        self.tui.resize(columns, rows)
        return f"{columns}×{rows}"

    def _folder(self) -> str:
        name = self._dice.choice(["Lists", "Two words", "Mine"])
        self.home()
        self._type("gn")
        self.rest(0.3)
        self._type(f"{name}\r")
        return f"new folder {name}"

    def _leave(self) -> str:
        """Quits and comes back; or it is killed."""
        kills = self._dice.random() < 0.5
        if kills:
            self.tui.signal(signal.SIGKILL)
        else:
            self.home()
            self._type("gi")
            self.rest(0.3)
            self._quit()
        self._end(-signal.SIGKILL if kills else 0)
        self.tui.close()
        self.tui = self._begin()
        return "killed" if kills else "left and came back"

    def _quit(self) -> None:
        """Leaves although a letter may wait: it goes at the next start."""
        for _ in range(3):  # a busy machine may take the Esc before it and this for one key
            self.tui.send("q")
            self.rest(1)
            if not self.tui.is_running:
                return

    def _end(self, wanted: int) -> None:
        if self.tui.wait(30) != wanted:
            raise Wrong(self._last_words())

    def _last_words(self) -> str:
        """How it ended, what was on the screen then, and what it wrote into its log."""
        log = (self.data.parent / "tui-mail.log").read_text(errors="replace")[-6_000:]
        return self._story.told(f"it ended with {self.tui.status}:\n{self.tui.text}\n{log}")

    def _type(self, keys: str) -> None:
        for key in keys:
            self.press(key)

    def _look_alive(self) -> None:
        """It runs, and says nowhere that it fell over."""
        if not self.tui.is_running:
            raise Wrong(self._last_words())
        if found := re.search(r"Traceback|an error of its own|is a fault of the program", self.tui.text):
            raise Wrong(self._story.told(f"{found[0]}:\n{self.tui.text}"))

    # --- the end

    def screen(self, folder: str, letters: int) -> tuple[Screen, str]:
        """What the terminal shows of a folder, on a picture that is tall enough, and its line of figures."""
        self.tui.resize(100, 2 * letters + 80)
        for _ in range(3):  # a busy machine may take Esc and what follows for one key; then a person tries again
            self.home()
            self._type("gf")
            if self._await("Go to which folder"):
                self._type(folder)
                self.tui.quiet()
                self._type("\r")
                self._await(rf"\A *{re.escape(folder)}  ")
                self.tui.quiet()
                break
        if _FOLDS.search(self.tui.text):  # letters are listed one by one again, as they are counted
            self._type("T")
            self.tui.quiet()
        lines = self.tui.text.splitlines()
        listed: Screen = Counter()
        for line in lines:
            if found := _ROW.search(line):
                unread, star, sign, name = found.groups()
                listed[name, unread != " ", star != " ", sign] += 1
        return listed, lines[0].strip()

    def _await(self, pattern: str) -> bool:
        """Waits for it; what does not come is told by what is compared afterwards."""
        try:
            self.tui.until(pattern, 8)
        except AssertionError:
            shown = "\n".join(line for line in self.tui.text.splitlines() if line)
            self._story.add(f"never saw {pattern!r}:\n{shown}")
            return False
        return True

    def leave(self) -> None:
        self.home()
        self._quit()
        self._end(0)

    def close(self) -> None:
        self.tui.close()


def run(place: Place, seed: int, minutes: float, folder: Path) -> str:
    """One try. Raises Wrong."""
    dice, fate, story = random.Random(f"terminal {place.name} {seed}"), Fate(), Story()
    other = Other(place.other(), random.Random(f"other {place.name} {seed}"), fate)
    for _ in range(_LETTERS):
        other.append(b"INBOX")
    person = Terminal(place, folder, dice, story)
    try:
        end = time.monotonic() + 60 * minutes
        while time.monotonic() < end:
            story.add(f"we: {person.act()}")
            if dice.random() < 0.35:
                story.acts += 1
                story.add(f"other: {other.act(deletes_folders=False)}")
            person.rest(dice.choice([0, 0.1, 0.3, 1.0]))
        other.come_anew(place.other())
        figures = _agree(person, other, fate, story)
    except AssertionError as error:  # the terminal never came to what was waited for
        raise error if isinstance(error, Wrong) else Wrong(story.told(str(error))) from error
    finally:
        person.close()
        other.close()
    return f"{story.keys} keys, {story.acts} acts beside them, {story.lives} lives: {figures}"


def _agree(person: Terminal, other: Other, fate: Fate, story: Story) -> str:
    end = time.monotonic() + PATIENCE
    person.home()
    while True:
        person.rest(_SECOND)
        other.stir()
        person.rest(_SECOND)
        person.press("$")
        person.rest(4)
        there = other.census()
        trouble = _on_screen(person, other, there)
        if not trouble:
            break
        if time.monotonic() > end:
            raise Wrong(story.told("\n".join([*trouble, *_there(other), person.tui.text])))
    person.leave()
    trouble = _in_files(person.data, there) + _lost(person.data, other, fate)
    if trouble:
        raise Wrong(story.told("\n".join([*trouble, *_there(other)])))
    return f"{sum(sum(held.values()) for held in there.values())} letters in {len(there)} folders agree"


def _there(other: Other) -> list[str]:
    """What the server has, a line a folder."""
    return [f"there, {raw!r}: {' '.join(seen.name for seen in other.held(raw))}" for raw in other.folders()]


def _on_screen(person: Terminal, other: Other, there: Census) -> list[str]:
    """Where screen and server differ."""
    trouble = []
    for raw in there:
        held = [seen for seen in other.held(raw) if DELETED not in seen.flags]
        wanted: Screen = Counter(
            (found[1], SEEN not in seen.flags, FLAGGED in seen.flags, _sign(seen.flags))
            for seen in held
            if (found := re.search(r"letter (\S+)", seen.subject))
        )
        name = "Inbox" if raw == b"INBOX" else decode(raw)
        listed, title = person.screen(name, len(held))
        if name not in title:
            trouble.append(f"{name!r} is not what opens: {title!r}")
            continue
        trouble += [f"{name}: only on the screen {one}" for one in (listed - wanted).elements()]
        trouble += [f"{name}: only on the server {one}" for one in (wanted - listed).elements()]
        figures = _TITLE.search(title)
        unread = sum(SEEN not in seen.flags for seen in held)
        said = (int(figures["total"]), int(figures["unread"] or 0)) if figures else None
        if said != (len(held), unread):
            trouble.append(f"{name}: the screen says {title!r}, the server has {len(held)}, {unread} unread")
    return trouble


def _sign(flags: frozenset[str]) -> str:
    """What became of a letter, in the one cell that the list has for it: what is still to be done comes first."""
    signs = ((REPLY_LATER, "↵"), (ANSWERED, "←"), (FORWARDED, "→"))
    return next((sign for flag, sign in signs if flag in flags), " ")


def _in_files(data: Path, there: Census) -> list[str]:
    """Where the index that is left behind differs from the server, by Message-ID, flags and folder."""
    here: Census = {raw: Counter() for raw in there}
    with closing(sqlite3.connect(data / "mail.db")) as connection:
        rows = connection.execute(
            "SELECT folder.raw, message_id, flags, words FROM message JOIN folder ON folder.id = message.folder"
            " WHERE NOT folder.gone"  # what stood in one that is gone is kept for 30 days, and shown nowhere
        )
        for raw, name, bits, words in rows:
            flags = unpack(bits, words)
            if DELETED not in flags:
                here.setdefault(raw, Counter())[name, flags] += 1
    found = [f"{raw!r}, only in mail.db: {one}" for raw in here for one in here[raw] - there.get(raw, Counter())]
    return found + [f"{raw!r}, only there: {one}" for raw in there for one in there[raw] - here[raw]]


def _lost(data: Path, other: Other, fate: Fate) -> list[str]:
    """Letters that nobody destroyed, and that are gone: what is deleted for good here lies in `grave`."""
    with closing(sqlite3.connect(data / "work.db")) as connection:
        buried = {name for (name,) in connection.execute("SELECT message_id FROM grave")}
    held = other.everywhere()
    return [f"lost: {name}" for name in fate.born if not held[name] and name not in fate.doomed | buried]
