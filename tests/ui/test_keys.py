"""Keys are named as people write them, keymaps hold no conflict that nobody chose, sequences wait for their end."""

from __future__ import annotations

import pytest
from textual.binding import Binding
from textual.widget import Widget

from tui_mail.model.errors import BadConfig
from tui_mail.ui.keys import KEYMAPS, UNBOUND, Sequencer, keymap, normal, shown


class Rows(Widget):
    BINDINGS = [
        Binding("j,down", "move(1)", "Down", id="list.down"),
        Binding("g g,home", "first", "First", id="list.first"),
    ]


class Place(Widget):
    BINDINGS = [
        Binding("e,a", "archive", "Archive", id="message.archive"),
        Binding("s", "star", "Star", id="message.star"),
        Binding("g i", "go('inbox')", "Inbox", id="go.inbox"),
    ]


CONTEXTS = {"list": (Rows, Place)}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("e", "e"),
        ("^O", "ctrl+o"),
        ("Ctrl-o", "ctrl+o"),
        ("shift-F6", "shift+f6"),
        ("g i", "g i"),
        ("g ?", "g question_mark"),
        ("#, Del", "number_sign,delete"),
        ("-", "minus"),
        (",", "comma"),
        ("Space", "space"),
        ("", UNBOUND),
    ],
)
def test_a_key_is_written_as_people_write_it(written: str, meant: str) -> None:
    assert normal(written) == meant


@pytest.mark.parametrize(
    ("key", "read"),
    [
        ("ctrl+o", "^O"),
        ("question_mark", "?"),
        ("g i", "g i"),
        ("slash", "/"),
        ("shift+tab", "Shift-Tab"),
        ("f5", "F5"),
        ("G", "G"),
        ("delete", "Del"),
    ],
)
def test_a_key_is_shown_as_people_read_it(key: str, read: str) -> None:
    assert shown(key) == read


def test_without_a_map_every_action_keeps_its_keys() -> None:
    found = keymap("default", {}, CONTEXTS)
    assert found.changed == {}
    assert found.keys["message.archive"] == "e,a"
    assert found.shown("message.archive") == "e"


def test_my_own_key_replaces_the_keys_of_an_action() -> None:
    found = keymap("default", {"message.archive": "y"}, CONTEXTS)
    assert found.changed == {"message.archive": "y"}
    assert found.shown("message.archive") == "y"


def test_two_of_my_keys_may_change_places() -> None:
    found = keymap("default", {"message.archive": "s", "message.star": "e"}, CONTEXTS)
    assert (found.shown("message.archive"), found.shown("message.star")) == ("s", "e")


def test_a_key_that_is_taken_is_named_with_both_actions() -> None:
    with pytest.raises(BadConfig) as caught:
        keymap("default", {"message.archive": "s"}, CONTEXTS)
    assert str(caught.value) == (
        "[keys] “message.archive” = “s”: s already means Star (“message.star”). "
        "Choose another key, or move that action too."
    )


def test_a_key_that_begins_a_sequence_cannot_act_as_well() -> None:
    with pytest.raises(BadConfig, match=r"“message\.star” = “g”: g .*already means"):
        keymap("default", {"message.star": "g"}, CONTEXTS)


def test_an_unknown_action_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(BadConfig, match=r"knows no action “message\.archiv”\. Did you mean “message\.archive”\?"):
        keymap("default", {"message.archiv": "e"}, CONTEXTS)


def test_an_action_can_be_left_to_the_palette() -> None:
    found = keymap("default", {"message.star": ""}, CONTEXTS)
    assert found.shown("message.star") == ""


def test_every_shipped_map_has_well_formed_keys() -> None:
    for keys in KEYMAPS.values():
        for written in keys.values():
            assert normal(written)


def test_a_sequence_waits_runs_and_strays() -> None:
    bound = ("j", "g g", "g i", "s")
    keys = Sequencer(frozenset({"g"}))
    assert keys.feed("j", bound) == ("pass", "j")
    assert keys.feed("g", bound) == ("wait", "g")
    assert keys.feed("i", bound) == ("run", "g i")
    assert keys.feed("g", bound) == ("wait", "g")
    assert keys.feed("s", bound) == ("stray", "g s")
    assert keys.feed("s", bound) == ("pass", "s")


def test_a_key_that_begins_nothing_here_is_an_ordinary_key() -> None:
    assert Sequencer(frozenset({"g"})).feed("g", ("j",)) == ("pass", "g")
