"""The Hunspell dictionaries that other programs have are found and read here too."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from tests.extras import needs_hunspell, needs_spelling
from tui_mail.model.errors import BadInput, Cancelled
from tui_mail.ui.adviser import Adviser
from tui_mail.ui.dictionaries import find, load, system_language
from tui_mail.ui.spelling import Speller

AFF = "SET ISO8859-1\nTRY esijanrtolcdugmphbyfvkwzßäöü\nSFX A Y 1\nSFX A 0 s .\nCOMPOUNDMIN 3\nCOMPOUNDFLAG C\n"
DIC = "5\nHaus/C\nTür/C\nschlüssel/C\nAuto/A\nheute\n"


def put(folder: Path, name: str, dic: str = DIC) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.aff").write_bytes(AFF.encode("latin-1"))
    (folder / f"{name}.dic").write_bytes(dic.encode("latin-1"))


def here(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home"), "XDG_DATA_DIRS": str(tmp_path / "share"), "DICPATH": str(tmp_path / "own")}


def test_the_nearest_dictionary_is_taken_and_the_persons_own_first(tmp_path: Path) -> None:
    environ = here(tmp_path)
    shared = tmp_path / "share" / "hunspell"
    for name in ("de_AT", "de_DE", "fr", "pt_BR"):
        put(shared, name)
    (shared / "it_IT.dic").write_text("1\nciao\n")  # no .aff: nothing that could be read
    assert [
        found.stem if (found := find(language, environ)) else None
        for language in ("de_AT", "de-CH", "de", "fr_CA", "pt_PT", "it", "../x", "")
    ] == ["de_AT", "de_DE", "de_DE", "fr", "pt_BR", None, None, None]
    put(tmp_path / "own", "de_DE")
    assert find("de", environ) == tmp_path / "own" / "de_DE.dic"
    put(tmp_path / "home" / ".local/share/myspell/dicts", "es_ES")
    assert find("es", environ) is not None


@needs_hunspell
def test_words_are_known_with_their_endings_compounds_and_capitals(tmp_path: Path) -> None:
    put(tmp_path / "own", "de_DE")
    speller = Speller([load("de", here(tmp_path))], ["tuimail"])
    assert all(map(speller.knows, ("Haus", "Türschlüssel", "Autos", "heute", "Heute", "tuimail", "NATO")))
    assert not any(map(speller.knows, ("haus", "Hauss", "heuted", "日本語")))
    assert "heute" in speller.suggestions("heuet")
    assert speller.suggestions("日本語") == []


HANGS = (
    "import sys; sys.path[:] = {path!r}; from tui_mail.ui import adviser, dictionaries;"
    "real = dictionaries.Hunspell.meant;"
    "dictionaries.Hunspell.meant = lambda self, word: "
    "''.join(iter(str, 'never')) if word == 'hang' else exit() if word == 'die' else real(self, word);"
    "adviser.main()"
)
"""A process that is no match for two words."""


@needs_hunspell
def test_words_are_sought_in_a_process_that_is_ended_where_it_takes_too_long_or_nobody_waits(tmp_path: Path) -> None:
    put(tmp_path / "own", "de_DE")
    adviser = Adviser(limit=1.0, code=HANGS)
    speller = Speller([load("de", here(tmp_path), adviser.meant)], (), adviser)
    assert "heute" in speller.suggestions("heuet")
    with pytest.raises(BadInput, match="It takes too long"):
        speller.suggestions("hang")
    with pytest.raises(Cancelled):
        speller.suggestions("die")
    assert "heute" in speller.suggestions("heuet")
    adviser = Adviser(limit=60, code=HANGS)
    assert adviser.meant(tmp_path / "own" / "de_DE.dic", "heuet")
    left = threading.Timer(0.1, adviser.call_off)
    left.start()
    with pytest.raises(OSError):
        adviser.meant(tmp_path / "own" / "de_DE.dic", "hang")
    left.join()


@needs_hunspell
def test_where_no_process_can_be_had_words_are_sought_here(tmp_path: Path) -> None:
    put(tmp_path / "own", "de_DE")
    assert "heute" in Adviser(code="raise SystemExit").meant(tmp_path / "own" / "de_DE.dic", "heuet")


@needs_spelling
def test_what_would_help_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "own", "de_DE")
    monkeypatch.setitem(sys.modules, "hunspell", None)
    with pytest.raises(BadInput, match=r"no dictionary for “xx”. Install a Hunspell one \(hunspell-xx\)"):
        load("xx", here(tmp_path))
    put(tmp_path / "own", "xx")
    with pytest.raises(BadInput, match=r"own/xx.dic is one: pip install 'tui-mail\[hunspell\]' reads it"):
        load("xx", here(tmp_path))
    monkeypatch.setitem(sys.modules, "spellchecker", None)
    with pytest.raises(BadInput, match=r"tui-mail\[spell\]"):
        load("de", here(tmp_path))


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "de_AT.UTF-8"}, "de_AT"),
        ({"LC_ALL": "C", "LANG": "de_DE"}, ""),
        ({}, ""),
        ({"LANG": "sr_RS@latin"}, "sr_RS"),
    ],
)
def test_the_systems_language_is_asked_for(environ: dict[str, str], language: str) -> None:
    assert system_language(environ) == language
