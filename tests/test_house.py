"""The house stands: arrows run down only, threads and uids stay in their rooms, the engine draws nothing.

One walk over the syntax trees of the package, imports inside functions and under TYPE_CHECKING included.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "tui_mail"

BELOW: Mapping[str, frozenset[str]] = {
    "model": frozenset(),
    "mime": frozenset({"model"}),
    "config": frozenset({"model"}),
    "backend": frozenset({"mime", "config", "model"}),
    "engine": frozenset({"backend", "mime", "config", "model"}),
    "ui": frozenset({"engine", "mime", "config", "model"}),
    "demo": frozenset({"mime", "model"}),
    "__main__": frozenset({"cli"}),
    "cli": frozenset({"ui", "engine", "backend", "mime", "config", "model", "demo"}),
}
"""Which rooms a room may import besides itself."""

THREADS = (
    "engine/session",
    "engine/watch",
    "engine/pulse",  # sleep and another network are the whole machine's: one thread for all accounts
    "engine/outbox",
    "engine/alarm",  # what was put off comes back, and rules run, whatever the accounts' connections do
    "engine/writer",
    "engine/reader",
    "engine/probe",  # a thread for one test of a server: there is no session before there is an account
    "demo/",
)
"""Where threads are made: files and folders whose path begins so."""
PROCESSES = (
    "engine/companion",  # letters are taken apart, and words are sought, where that can be killed
    "engine/contacts",  # query_command
    "config/command",  # password_command
    "ui/external",  # the editor, the opener
    "ui/account_file",  # the editor
    "demo/process",  # the demo's server
    "cli/background",  # carries the outbox on when the screens are gone
    "backend/gnupg",  # the person's own gpg and gpgsm: no library holds their keys
)
"""Where other programs, and processes of this one, are started."""
INDEX = ("engine/index", "engine/schema", "engine/arrivals", "engine/ledger")
SYNC = (
    "engine/pull",
    "engine/push",
    "engine/attempts",
    "engine/fetch",
    "engine/filing",
    "engine/letters",
    "engine/server_drafts",
    "engine/errand",
)
"""Filing a Sent copy, and the row that remembers from which uid on to look for it, are of the sync."""
UIDS = ("backend/", "demo/", *INDEX, *SYNC)
"""Where the word uid is spoken."""
TEXT_OF_MIME = frozenset({"clean", "text", "html", "dates", "address_check", "links"})
"""The half of mime that turns text into text: what a widget may use. `links` says which links a terminal must not open
by itself."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import: who, what, where."""

    module: str
    target: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text())


@cache
def imports() -> tuple[Import, ...]:
    return tuple(found for module in modules() for found in imports_of(module))


def imports_of(module: str) -> Iterator[Import]:
    """`from package import module` counts as an import of that module."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            source = origin(module, node)
            submodules = [f"{source}.{alias.name}" for alias in node.names if f"{source}.{alias.name}" in modules()]
            if len(submodules) < len(node.names):
                yield Import(module, source, node.lineno)
            for name in submodules:
                yield Import(module, name, node.lineno)


def origin(module: str, node: ast.ImportFrom) -> str:
    """The absolute name of what stands after `from`."""
    if not node.level:
        return node.module or ""
    is_package = modules()[module].name == "__init__.py"
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *([node.module] if node.module else [])])


def ours() -> list[Import]:
    return [found for found in imports() if found.target.split(".")[0] == "tui_mail"]


def room(module: str) -> str:
    """`engine` of `tui_mail.engine.mail`; empty for the package itself."""
    return module.split(".")[1] if "." in module else ""


def place(module: str) -> str:
    """`engine/mail.py`, as the lists above write it."""
    return str(modules()[module].relative_to(PACKAGE))


def nobody(culprits: list[str]) -> None:
    assert not culprits, "\n".join(["", *culprits])


def test_arrows_run_down_only() -> None:
    nobody(
        [
            str(found)
            for found in ours()
            if room(found.module) and room(found.target)  # the package itself holds its version alone
            if room(found.target) not in BELOW[room(found.module)] | {room(found.module)}
        ]
    )


def test_the_package_itself_and_every_room_are_known() -> None:
    assert {room(module) for module in modules()} - {""} <= set(BELOW)
    assert not list(imports_of("tui_mail"))


def test_only_the_command_line_and_tests_use_the_demo() -> None:
    nobody([str(f) for f in ours() if room(f.target) == "demo" and room(f.module) not in ("demo", "cli")])


def test_nothing_below_the_screens_knows_the_screen_library() -> None:
    nobody([str(f) for f in imports() if f.target.split(".")[0] in ("textual", "rich") and room(f.module) != "ui"])


def test_only_the_command_line_imports_the_app() -> None:
    nobody([str(f) for f in ours() if f.target == "tui_mail.ui.app" and room(f.module) != "cli"])


def test_widgets_know_values_and_text_only() -> None:
    def is_fine(target: str) -> bool:
        parts = target.split(".")
        return (
            room(target) == "model"
            or target.startswith("tui_mail.ui.widgets")
            or target == "tui_mail.ui.keys"  # how a key is written on the screen
            or (room(target) == "mime" and parts[2:3] != [] and parts[2] in TEXT_OF_MIME)
        )

    nobody([str(f) for f in ours() if f.module.startswith("tui_mail.ui.widgets.") and not is_fine(f.target)])


def test_no_imports_run_in_a_circle() -> None:
    arrows: dict[str, set[str]] = {module: set() for module in modules()}
    for found in ours():
        if found.target != found.module:
            arrows[found.module].add(found.target)
    nobody(circles(arrows))


def circles(arrows: Mapping[str, set[str]]) -> list[str]:
    """What is left when every module that imports nothing left is taken away, again and again."""
    left = {module: set(targets) for module, targets in arrows.items()}
    while free := [module for module, targets in left.items() if not targets & left.keys()]:
        for module in free:
            del left[module]
    while free := [module for module in left if not any(module in targets for targets in left.values())]:
        for module in free:
            del left[module]  # leads into a circle but is not of it
    return [f"{module} ⇄ {', '.join(sorted(targets & left.keys()))}" for module, targets in left.items()]


def test_threads_are_made_in_their_rooms_only() -> None:
    culprits = []
    for module in modules():
        if place(module).startswith(THREADS):
            continue
        for node in ast.walk(tree(module)):
            made = node.func if isinstance(node, ast.Call) else None
            bases = node.bases if isinstance(node, ast.ClassDef) else []
            for name in (ast.unparse(what) for what in (made, *bases) if what is not None):
                if name.startswith(("threading.Thread", "threading.Timer", "Thread", "asyncio.to_thread", "_thread.")):
                    culprits.append(f"{place(module)}:{getattr(node, 'lineno', 0)} makes a {name}")
    nobody(culprits)


def test_processes_are_started_in_their_rooms_only() -> None:
    def starts(target: str) -> bool:
        return target.split(".")[0] in ("subprocess", "multiprocessing", "pty")

    nobody([str(f) for f in imports() if starts(f.target) and not place(f.module).startswith(PROCESSES)])


def test_nobody_sleeps() -> None:
    culprits = []
    for module in modules():
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("time.sleep", "sleep"):
                culprits.append(f"{place(module)}:{node.lineno}")
    nobody(culprits)


def test_uids_are_spoken_in_the_backend_and_the_sync_only() -> None:
    culprits = []
    for module in modules():
        if place(module).startswith(UIDS):
            continue
        for node in ast.walk(tree(module)):
            for name in names(node):
                if re.search(r"(?:^|_)uids?(?:_|$)", name):
                    culprits.append(f"{place(module)}:{getattr(node, 'lineno', 0)} speaks of {name}")
    nobody(culprits)


def names(node: ast.AST) -> Iterator[str]:
    """The names that code uses; `st_uid` and `geteuid` of the operating system are other uids."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute) and node.attr != "st_uid":
        yield node.attr
    elif isinstance(node, ast.arg | ast.keyword) and node.arg:
        yield node.arg


def test_broad_excepts_say_why() -> None:
    culprits = []
    for module in modules():
        lines = modules()[module].read_text().splitlines()
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
            ):
                raises = any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))
                if not raises and not re.search(r"# noqa: BLE001\W+\w", lines[node.lineno - 1]):
                    culprits.append(f"{place(module)}:{node.lineno} catches everything and does not say why")
    nobody(culprits)


def test_every_file_says_in_one_sentence_what_it_is() -> None:
    culprits = []
    for module in modules():
        words = ast.get_docstring(tree(module)) or ""
        if not words.split("\n\n")[0].strip():
            culprits.append(f"{place(module)} does not say what it is")
    nobody(culprits)


@pytest.mark.parametrize("module", ["tui_mail.engine.mail", "tui_mail.engine.errand", "tui_mail.demo.server"])
def test_the_engine_runs_without_the_screen_library(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not {"textual", "rich", "keyring"} & set(done.stdout.split())


def test_the_version_is_answered_without_the_program() -> None:
    code = (
        "import sys; from tui_mail.cli.main import main; before = set(sys.modules); main(['--version']); "
        "print(*sorted(set(sys.modules) - before)); print(*sorted(n for n in sys.modules if n.startswith('tui_mail')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    version, late, loaded = done.stdout.split("\n")[:3]
    assert version.startswith("tui-mail ")
    assert late == ""
    assert loaded.split() == ["tui_mail", "tui_mail.cli", "tui_mail.cli.main"]
