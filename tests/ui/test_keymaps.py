"""The three keymaps: as they are promised, and every action of the palette can be reached from the keyboard in each."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.screen import Screen

from tui_mail.ui.app import contexts
from tui_mail.ui.keys import KEYMAPS, Sequencer, bindings_of, is_unbound, keymap, normal
from tui_mail.ui.palette import Actions

from .world import World, world

PROMISED = """
list.down               j,down        =                 =
list.half-down          ^D            =                 ]
list.first              g g,home      =                 =,home
list.last               G,end         =                 end
list.open               enter,o       =                 enter
reader.back             q,escape      u,escape          q,escape
app.leave               q             =                 =
app.quit                ^Q            =                 =
view.next-pane          F6,^W         =                 =
reader.next             J,right       n,J,right         J,right
reader.previous         K,left        p,K,left          K,left
list.next-unread        Tab           =                 =
message.archive         e,a           e                 a
message.trash           d,#,Del       #,Del             d,Del
message.spam            !             =                 =
message.undo            z             =                 u
message.redo            Z             =                 U
message.star            s             =                 F
message.toggle-read     u             -                 N
message.mark-read       I             =                 -
message.mark-unread     U             =                 -
select.toggle           space,x       =                 t
select.range            V             =                 =
select.all              * a           =                 T a
select.sender           * f           =                 T f
message.move            v             =                 s
message.copy            y             =                 C
message.snooze          b             =                 B
message.mute            &             m                 &
message.repeat          .             =                 =
message.compose         c,m           c                 m
message.reply           r             =                 =
message.reply-all       R             a                 g
message.reply-list      L             =                 =
message.forward         f             =                 =
search.everything       /             =                 =
search.filter           \\             =                 l
search.next             n             ]                 n
go.inbox                g i           =                 c i
go.folder               g f           =                 c f
go.view-1               1             =                 =
reader.quotes           Q             =                 Q
reader.headers          h             =                 =
reader.source           ^O            =                 e
reader.links            F             =                 ^T
message.save            S             =                 =
view.preview            p             P                 p
view.sort-date          O d           =                 =
view.refresh            $,F5          =                 =
app.palette             ^P,:          =                 =
app.help                ?,F1          =                 =
"""
"""Action, and its keys in default, gmail and mutt; `=` is as in default, `-` is none."""


@pytest.mark.parametrize("column", range(len(KEYMAPS)), ids=list(KEYMAPS))
def test_every_map_is_what_fingers_know(column: int) -> None:
    keys = keymap(list(KEYMAPS)[column], {}, contexts()).keys
    for line in PROMISED.strip().splitlines():
        id, *columns = (piece.strip() for piece in line.split("  ") if piece.strip())
        told = columns[0] if columns[column] == "=" else columns[column]
        if id == "list.first" and column == 2:
            told = "=,home"
        found = keys[id]
        assert is_unbound(found) if told == "-" else set(found.split(",")) == set(normal(told).split(",")), (id, found)


@pytest.mark.parametrize("name", KEYMAPS)
def test_no_two_actions_that_hear_a_key_together_share_it(name: str) -> None:
    found = keymap(name, {}, contexts()).keys
    for context in contexts().values():
        taken: dict[str, str] = {}
        ids = dict.fromkeys(binding.id or "" for owner in context for binding in bindings_of(owner))
        for id in ids:
            for key in found[id].split(","):
                if not is_unbound(key):
                    assert taken.setdefault(key, id) == id, (key, id, taken[key])


def walk(here: World, screen: Screen[object]) -> int:
    """Each action of the palette is what its keys, one after the other, lead to."""
    bound = screen.active_bindings
    walked = 0
    for command in Actions(screen).commands():
        key = command.active.binding.key
        if is_unbound(key):
            continue  # the palette alone reaches it
        sequencer = Sequencer(here.app.keymap.starters)
        verdict = [sequencer.feed(token, bound)[0] for token in key.split()]
        assert verdict in (["pass"], ["wait"] * (len(verdict) - 1) + ["run"]), (command.name, key, verdict)
        assert bound[key].binding.id == command.active.binding.id, (command.name, key)
        walked += 1
    return walked


@pytest.mark.parametrize("name", KEYMAPS)
async def test_every_action_of_the_palette_is_reached_by_its_keys(tmp_path: Path, name: str) -> None:
    async with world(tmp_path, keymap=name) as here:
        assert walk(here, here.app.screen) > 70
        dim = [command for command in Actions(here.app.screen).commands() if not command.active.enabled]
        assert not [command.name for command in dim if not command.why], "dim, and nobody says why"
        await here.press("enter")
        await here.until(lambda: not here.is_home)
        await here.settled()
        assert walk(here, here.app.screen) > 40
        dim = [command for command in Actions(here.app.screen).commands() if not command.active.enabled]
        assert not [command.name for command in dim if not command.why], "dim, and nobody says why"
