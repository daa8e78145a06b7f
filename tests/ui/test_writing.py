"""Writing with help: people by a few letters, words found and spelt, remarks in the margin, several letters."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events

from tests.extras import needs_spelling
from tests.ui.program import Program, account, letter, program
from tui_mail.config.settings import Identity
from tui_mail.model.contact import Contact
from tui_mail.model.errors import BadInput
from tui_mail.ui.dictionaries import Listed
from tui_mail.ui.spelling import Speller
from tui_mail.ui.widgets.address_input import AddressInput
from tui_mail.ui.widgets.letter_body import LetterBody, pasted_paths
from tui_mail.ui.widgets.line_input import LineInput

PEOPLE = [
    Contact("bob@example.org", "Jones, Bob", groups=("Board",)),
    Contact("carl@example.org", "Carl", groups=("Board",)),
    Contact("jürgen@bücher.example", "Jürgen"),
]


async def known(here: Program) -> None:
    """These people are in the address book."""
    here.mail.contacts.put(PEOPLE)
    await here.until(lambda: len(here.mail.contacts.all()) == len(PEOPLE))


async def test_a_few_letters_find_a_person_and_enter_takes_them(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await known(here)
        pane = await here.write()
        await here.press(*"jon")
        await here.shows("Jones, Bob  bob@example.org")
        await here.press("enter")
        assert pane.draft.to == '"Jones, Bob" <bob@example.org>, '
        await here.press(*"jur", "tab", "tab")
        assert pane.draft.to == '"Jones, Bob" <bob@example.org>, Jürgen <jürgen@bücher.example>'
        assert pane.query_one("#cc").has_focus
        await here.shows('To       "Jones, Bob" <bob@example.org>, Jürgen')
        await here.press("shift+tab", "end", *", ", "backspace")
        assert pane.draft.to == '"Jones, Bob" <bob@example.org>, '


async def test_a_group_brings_its_people_and_one_key_takes_a_whole_person_away(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await known(here)
        pane = await here.write()
        await here.press(*"boa", "enter")
        assert pane.draft.to == '"Jones, Bob" <bob@example.org>, Carl <carl@example.org>, '
        await here.press("backspace")
        assert pane.draft.to == '"Jones, Bob" <bob@example.org>, '


async def test_a_whole_address_is_never_changed_unasked(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await known(here)
        pane = await here.write()
        await here.press(*"carl@example", "tab")
        assert pane.draft.to == "carl@example"
        await here.press("shift+tab", "end", *".", "down", "enter")
        assert pane.draft.to == "Carl <carl@example.org>, "
        await here.press(*"xyz", "escape")
        assert here.pane is None


async def test_a_crowd_is_counted_where_it_does_not_fit(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        pane = await here.write()
        field = pane.query_one("#to", AddressInput)
        field.value = ", ".join(f"Person Number{n} <p{n}@example.org>" for n in range(30))
        await here.press("tab")
        await here.shows("Person Number0, Person Number1")
        assert "+2" in here.text


async def test_remarks_stand_in_the_margin_and_never_take_a_key(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await known(here)
        pane = await here.write()
        await here.press(*"carl@exarnple.org", "tab", "tab", "tab", *"Hi", "tab", *"Hi", "space", *"Bob,")
        await here.shows("nearly carl@example.org")
        await here.shows("“Bob” is not among the recipients.")
        assert pane.body.has_focus and pane.draft.body.startswith("Hi Bob,")


async def test_several_letters_are_written_at_once_and_the_list_is_read_meanwhile(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1), letter(2), size=(140, 40)) as here:
        first = await here.write()
        await here.press(*"bob", "f6", "j", "c")
        await here.until(lambda: len(here.app.screen.query("ComposePane")) == 2)
        await here.shows("2 of 2")
        await here.press(*"carl", "ctrl+n", *"by")
        assert first.draft.to == "bobby"
        await here.shows("1 of 2")
        await here.press("escape")
        await here.until(lambda: len(here.app.screen.query("ComposePane")) == 1)
        await here.press(*"o")
        assert {draft.to for draft in here.mail.drafts()} == {"bobby", "carlo"}


async def test_words_are_found_and_marked(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        pane = await here.write()
        pane.body.put("One fish\ntwo FISH\nred fish")
        pane.body.focus()
        await here.press("ctrl+f", *"fish")
        assert pane.body.selection.start == (0, 4)
        await here.press("enter")
        assert pane.body.selection.start == (1, 4)
        await here.press("up", "up")
        assert pane.body.selection.start == (2, 4)
        await here.press(*"x")
        await here.shows("nothing found")
        await here.press("escape")
        assert pane.body.has_focus and here.pane is pane and pane.body.text.count("ish") == 2


async def test_the_pasted_name_of_a_file_goes_along_and_pasted_again_is_a_name(tmp_path: Path) -> None:
    plan = tmp_path / "my plan.pdf"
    plan.write_bytes(b"x" * 1234)
    async with program(tmp_path / "home") as here:
        pane = await here.write()
        pane.body.focus()
        here.app.post_message(events.Paste(str(plan).replace(" ", "\\ ") + "\n"))
        await here.shows("my plan.pdf  1 KB")
        assert pane.draft.enclosures[0].path == str(plan) and pane.draft.body == ""
        here.app.post_message(events.Paste(str(plan)))
        await here.until(lambda: pane.draft.body == str(plan))
        assert len(pane.draft.enclosures) == 1


def test_only_names_of_files_that_are_there_are_names_of_files(tmp_path: Path) -> None:
    file = tmp_path / "a b.txt"
    file.write_text("x")
    for text in (f"{file}", f"'{file}'\n", f"file://{file}", str(file).replace(" ", "\\ ")):
        assert pasted_paths(text) == [file]
    for text in ("", "hello", f"see {file}", f"{file}x", str(tmp_path), "/", "\0", f"{file}\nand more", "~nobody/x"):
        assert pasted_paths(text) == []


async def test_a_message_of_the_list_goes_along(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1, "Plan"), size=(140, 40)) as here:
        pane = await here.write()
        await here.press("f6")
        here.app.screen.action_enclose()  # type: ignore[attr-defined]  # the palette's entry, on the main screen
        await here.until(lambda: bool(pane.draft.enclosures))
        assert (pane.draft.enclosures[0].name, pane.draft.enclosures[0].type) == ("Plan.eml", "message/rfc822")


async def test_an_answer_to_many_is_asked_about(tmp_path: Path) -> None:
    crowd = ", ".join(f"p{n}@example.org" for n in range(30))
    async with program(tmp_path, letter(1, "Plan", to=crowd)) as here:
        await here.open()
        await here.press("R")
        await here.shows("Answer 31 people?")
        await here.press("escape")
        assert here.pane is None
        await here.press("R")
        await here.shows("Answer 31 people?")
        await here.press("a")
        await here.until(lambda: here.pane is not None)
        assert here.pane is not None and len(here.pane.draft.recipients) == 31


async def test_an_answer_leaves_from_the_identity_that_was_written_to(tmp_path: Path) -> None:
    shop = Identity("shop", "shop@example.org", "The shop", "Your shop", "office@example.org")
    one = replace(account(signature="Ann"), identities={"shop": shop})
    async with program(tmp_path, letter(1, "Order", to="shop@example.org"), accounts=(one,)) as here:
        await here.open()
        await here.press("r")
        await here.until(lambda: here.pane is not None)
        assert here.pane is not None
        assert here.pane.draft.sender == "The shop <shop@example.org>"
        assert here.pane.draft.reply_to == "office@example.org" and here.pane.draft.body.endswith("-- \nYour shop")
        here.pane.query_one("#from").focus()
        await here.press("right")
        assert (here.pane.draft.sender, here.pane.draft.reply_to) == ("", "")
        assert here.pane.body.text.endswith("-- \nAnn")


async def test_the_header_lines_go_to_the_editor_and_wrong_ones_come_back_with_the_text(tmp_path: Path) -> None:
    editor = 'sh -c \'sed -i "s/^Subject:.*/Subject: Dinner/; s/^Cc:.*/No header/; s/noon/eight/" "$0"\''
    async with program(tmp_path, editor=editor, headers_in_editor=True) as here:
        pane = await here.write()
        pane.query_one("#subject", LineInput).value = "Lunch"
        pane.body.put("At noon?")
        await here.press("ctrl+o")
        await here.shows("Line 2")
        await here.press("t")
        await here.until(lambda: "At eight?" in pane.draft.body)
        assert pane.draft.subject == "Lunch" and "No header" in pane.draft.body


class Words:
    """A dictionary of three words, as pyspellchecker has it."""

    def __contains__(self, word: str) -> bool:
        return word in ("one", "good", "word")

    def candidates(self, word: str) -> set[str]:
        return {"word", "good"} if word == "wurd" else set()

    def word_usage_frequency(self, word: str) -> float:
        return {"word": 0.2, "good": 0.1}.get(word, 0.0)


@needs_spelling
def test_the_installed_dictionaries_are_used_and_a_missing_one_is_named() -> None:
    speller = Speller.load(["en", "de_AT"], ["tuimail"])
    assert all(map(speller.knows, ("house", "Haus", "Bob’s", "tuimail"))) and not speller.knows("houzze")
    assert "house" in speller.suggestions("hoouse")
    with pytest.raises(BadInput, match="no dictionary for “xx”"):
        Speller.load(["xx"])


async def test_with_no_language_set_f7_goes_by_the_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    async with program(tmp_path) as here:
        pane = await here.write()
        pane.body.put("One wurd")
        await here.press("f7")
        await here.shows("No language is set.")
        monkeypatch.setenv("LANG", "xx_YY.UTF-8")
        await here.press("f7")
        await here.shows("There is no dictionary for “xx_YY”.")


async def test_unknown_words_are_gone_through_with_one_key(tmp_path: Path) -> None:
    async with program(tmp_path, spelling=("en",)) as here:
        pane = await here.write()
        pane.body.put("One wurd, good wrod")
        pane._speller = Speller([Listed(Words())])
        pane.body.check_spelling(pane._speller.knows)
        await here.press("f7")
        await here.shows("“wurd”")
        await here.press("enter")
        await here.shows("“wrod”")
        await here.press("a")
        await here.until(lambda: pane.body.text == "One word, good wrod")
        await here.shows("No unknown word is left.")
        assert here.app.state.get("spelling_words", [""]) == ["wrod"]


class Slow(Listed):
    """One that takes its time to propose something."""

    def __init__(self) -> None:
        super().__init__(Words())
        self.gate = threading.Event()

    def meant(self, word: str) -> Sequence[str]:
        self.gate.wait(60)
        return super().meant(word)


async def test_keys_ahead_of_the_next_word_are_for_the_next_word(tmp_path: Path) -> None:
    slow = Slow()
    async with program(tmp_path, spelling=("en",)) as here:
        pane = await here.write()
        pane.body.put("wrod wrud wurd")
        pane._speller = Speller([slow])
        pane.body.check_spelling(pane._speller.knows)
        try:
            for key, char in (("f7", None), ("s", "s"), ("s", "s")):
                here.app.post_message(events.Key(key, char))
            await here.shows("“wurd”")
        finally:
            slow.gate.set()
        assert pane.body.text == "wrod wrud wurd"


async def test_a_word_is_skipped_while_words_like_it_are_still_sought(tmp_path: Path) -> None:
    slow = Slow()
    async with program(tmp_path, spelling=("en",)) as here:
        pane = await here.write()
        pane.body.put("One wrod, good wurd")
        pane._speller = Speller([slow])
        pane.body.check_spelling(pane._speller.knows)
        try:
            await here.press("f7")
            await here.shows("Looking for words like it …")
            await here.press("enter", "s")
            await here.shows("“wurd”")
            assert "Looking for words like it …" in here.text
        finally:
            slow.gate.set()
        await here.shows_no_more("Looking for words like it …")
        await here.press("enter")
        await here.until(lambda: pane.body.text == "One wrod, good word")


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("One good wurd", ["wurd"]),
        ("> quotd wurd", []),
        ("see https://exmple.org/wurd or a@wurd.org, file.wurd, x2wurd", ["see", "or"]),
        ("NASA word’s Wurd", ["Wurd"]),
        ("", []),
    ],
)
def test_unknown_words_are_marked_and_names_of_things_are_not(line: str, unknown: list[str]) -> None:
    speller = Speller([Listed(Words())])
    body = LetterBody()
    body._knows = speller.knows
    assert [line[start:end] for start, end in body.misspelt(line)] == unknown
    assert speller.suggestions("Wurd") == ["Word", "Good"]
    speller.add("Wurd")
    assert speller.knows("wurd")


async def test_a_letter_larger_than_its_server_takes_is_told_while_it_is_written(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    with film.open("wb") as file:
        file.truncate(30_000_000)
    async with program(tmp_path / "home", largest=35_000_000) as here:
        pane = await here.write()
        await here.press(*"bob@example.org", "tab", "tab", "tab", *"Film", "tab", *"Here")
        pane.enclose(film)
        await here.shows("The letter has about 41 MB; your server takes at most 35 MB.")
        await here.press("ctrl+r")
        await here.shows("! The letter has about 41 MB; your server takes at most 35 MB.")
