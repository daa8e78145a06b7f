"""Many messages at once: chosen by key or mouse, acted on together, undone together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_mail.backend.memory_mailbox import MemoryMailbox
from tui_mail.model.message import SEEN

from .world import LETTERS, NOON, World, deliver, letter, mailbox, world


def chosen(here: World) -> list[str]:
    """The subjects that are selected, in the order of the list."""
    listing = here.inbox.messages.listing
    rows = here.mail.rows(listing.among(here.inbox.messages.chosen))
    return [row.subject for row in rows if row is not None]


async def test_space_selects_and_goes_on_and_the_status_bar_counts(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("space", "x")
        assert chosen(here) == list(LETTERS[:2])
        assert here.at == LETTERS[2]
        assert here.words("StatusBar").startswith("2 selected")
        await here.press("k", "x")
        assert chosen(here) == [LETTERS[0]]


async def test_archiving_a_selection_is_one_operation_and_one_undo(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.box.hold()
        await here.press("x", "j", "x", "e")
        assert here.subjects == [LETTERS[1], LETTERS[3], LETTERS[4]]
        assert here.note == "Archived 2 messages.   z undoes"
        assert not here.inbox.selected
        await here.press("z")
        assert here.subjects == list(LETTERS)
        assert here.note == "Undone: Archived 2 messages."
        here.box.release()
        await here.settled()
        assert len(here.box.messages("INBOX")) == 5


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("d", "Moved 5 messages to Trash"),
        ("!", "Marked 5 messages as spam"),
        ("s", "Starred 5 messages"),
        ("I", "Marked 2 messages read"),
    ],
)
async def test_every_action_works_on_the_selection(tmp_path: Path, key: str, words: str) -> None:
    async with world(tmp_path) as here:
        await here.press("asterisk", "a", key)
        assert here.note == f"{words}.   z undoes"
        await here.press("z")
        assert here.subjects == list(LETTERS)
        assert [row.is_unread for row in here.mail.rows(here.inbox.messages.listing.window(0, 5)) if row] == [
            *(True, True),
            *(False, False, False),
        ]


async def test_esc_clears_the_selection_before_it_ends_the_search(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("slash")
        await here.type("from:bob")
        await here.press("enter")
        await here.until(lambda: len(here.subjects) == 2)
        await here.press("x")
        assert len(chosen(here)) == 1
        await here.press("escape")
        assert chosen(here) == [] and here.inbox.is_searching
        await here.press("escape")
        assert not here.inbox.is_searching and len(here.subjects) == 5


async def test_a_range_follows_the_cursor_both_ways_and_stays_when_it_ends(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("j", "j", "V", "j", "j")
        assert chosen(here) == list(LETTERS[2:])
        await here.press("k", "k", "k")
        assert chosen(here) == list(LETTERS[1:3])
        await here.press("V", "g", "g")
        assert chosen(here) == list(LETTERS[1:3])
        await here.press("e")
        assert here.subjects == [LETTERS[0], *LETTERS[3:]]


async def test_stars_and_letters_choose_what_is_alike(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.mail.star(here.inbox.messages.listing.window(3, 4))
        for keys, subjects in (
            ("u", LETTERS[:2]),
            ("r", LETTERS[2:]),
            ("s", LETTERS[3:4]),
            ("f", (LETTERS[0], LETTERS[4])),  # both from Bob
            ("t", LETTERS[:1]),
            ("a", LETTERS),
            ("n", ()),
        ):
            await here.press("asterisk", keys)
            await here.until(lambda wanted=list(subjects): chosen(here) == wanted)  # type: ignore[misc]  # bound


async def test_a_sender_is_the_whole_address_and_not_a_part_of_it(tmp_path: Path) -> None:
    box = mailbox(())
    for number, sender in enumerate(("ann@example.org", "joann@example.org", "ann@example.org.au", "ANN@example.org")):
        box.add("INBOX", letter(f"from {sender}", sender, number=10 - number), (SEEN,))
    async with world(tmp_path, box) as here:
        here.inbox.messages.cursor = here.subjects.index("from ann@example.org")
        await here.press("asterisk", "f")
        await here.until(lambda: sorted(chosen(here)) == ["from ANN@example.org", "from ann@example.org"])


async def test_the_selection_survives_arriving_mail_and_stays_on_its_letters(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("x", "x")
        deliver(here.box, "News")
        await here.until(lambda: here.subjects[0] == "News")
        assert chosen(here) == list(LETTERS[:2])


async def test_what_leaves_the_view_is_no_longer_selected(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("x", "x")
        here.mail.archive(here.inbox.messages.listing.window(0, 1))
        await here.until(lambda: len(here.subjects) == 4)
        assert chosen(here) == [LETTERS[1]]
        await here.until(lambda: here.words("StatusBar").startswith("1 selected"))


async def test_another_folder_begins_without_a_selection(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("x", "g", "a", "g", "i")
        assert chosen(here) == [] and "selected" not in here.words("StatusBar")


async def test_ctrl_click_selects_one_more_and_shift_click_all_on_the_way(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        tall = here.inbox.messages.lines_a_row
        await here.pilot.click("#list", offset=(20, 3 * tall), control=True)
        assert chosen(here) == [LETTERS[3]]
        await here.pilot.click("#list", offset=(20, 1 * tall), shift=True)
        assert chosen(here) == list(LETTERS[1:4])
        await here.pilot.click("#list", offset=(20, 2 * tall), control=True)
        assert chosen(here) == [LETTERS[1], LETTERS[3]] and here.at == LETTERS[2]


async def test_an_answer_goes_to_the_letter_under_the_cursor_whatever_is_selected(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("x", "x")
        assert here.inbox.answered() == here.inbox.messages.listing[2]


async def test_the_letters_of_mutt_select_and_file(tmp_path: Path) -> None:
    async with world(tmp_path, keymap="mutt") as here:
        await here.press("t", "T", "a")
        assert len(chosen(here)) == 5
        await here.press("T", "n", "C")
        assert "Copy 1 message to which folder?" in here.words(".heading")


def conversation(box: MemoryMailbox) -> None:
    """Three letters of one thread, in the order in which they were answered."""
    for number, subject in enumerate(("Sailing", "Re: Sailing", "Re: Re: Sailing")):
        answers = f"In-Reply-To: <sail-{number - 1}@example.org>\r\n" if number else ""
        raw = letter(subject, f"Sailor {number} <s{number}@example.org>", number=300 + number)
        head, _, body = raw.partition(b"\r\n\r\n")
        named = b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith(b"Message-ID"))
        extra = f"Message-ID: <sail-{number}@example.org>\r\n{answers}".encode()
        box.add("INBOX", named + b"\r\n" + extra + b"\r\n" + body, (SEEN,) if number else (), NOON - 4000 + number)


async def test_t_shows_a_row_a_thread_and_what_is_done_to_it_is_done_to_all_of_it(tmp_path: Path) -> None:
    box = mailbox()
    conversation(box)
    async with world(tmp_path, box) as here:
        await here.press("T")
        await here.until(lambda: here.subjects == ["Re: Re: Sailing", *LETTERS])
        row = here.inbox.messages.current
        assert row is not None and row.is_unread, "one of its letters is"
        await here.press("e")
        await here.until(lambda: here.subjects == list(LETTERS))
        assert "Archived 3 messages" in here.note
        await here.press("z")
        await here.until(lambda: here.subjects == ["Re: Re: Sailing", *LETTERS])
        await here.press("T")
        await here.until(lambda: len(here.subjects) == len(LETTERS) + 3)


async def test_a_thread_opens_in_order_and_folds_and_stays_open_when_mail_comes(tmp_path: Path) -> None:
    box = mailbox()
    conversation(box)
    async with world(tmp_path, box) as here:
        await here.press("T", "g", "g", "minus")
        await here.until(lambda: here.subjects == ["Sailing", "Re: Sailing", "Re: Re: Sailing", *LETTERS])
        deliver(box, "New", number=900)
        here.mail.refresh()
        await here.until(lambda: here.subjects == ["New", "Sailing", "Re: Sailing", "Re: Re: Sailing", *LETTERS])
        await here.press("underscore")
        await here.until(lambda: here.subjects == ["New", "Re: Re: Sailing", *LETTERS])
        await here.press("plus")
        await here.until(lambda: len(here.subjects) == len(LETTERS) + 4)
        await here.press("asterisk", "a")
        assert len(here.inbox.selected) == len(LETTERS) + 4


async def test_a_search_selects_what_it_finds_of_this_list_and_the_keys_for_all_of_it_are_said(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("asterisk", "slash")
        await here.until(lambda: not here.is_home)
        await here.type("from:bob -lunch")
        await here.press("enter")
        await here.until(lambda: chosen(here) == [LETTERS[4]])
        assert here.words("StatusBar").startswith("1 selected: e archives, d to Trash")
        await here.press("asterisk", "slash")
        await here.until(lambda: not here.is_home)
        await here.type("is:blue")
        await here.press("enter")
        await here.until(lambda: any("is: and has: know" in toast for toast in here.toasts))
        assert chosen(here) == [LETTERS[4]]
