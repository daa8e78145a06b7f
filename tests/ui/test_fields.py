"""The fields of a letter: typing, pasting, leaving."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._wrap import compute_wrap_offsets
from textual.app import App, ComposeResult
from textual.widget import Widget

from tui_mail.model.address import Address
from tui_mail.ui.widgets.address_input import AddressInput
from tui_mail.ui.widgets.letter_body import LetterBody
from tui_mail.ui.widgets.line_input import LineInput, address_trouble, harmless
from tui_mail.ui.widgets.long_text import LongDocument, LongLine, rewrapped
from tui_mail.ui.widgets.sender_field import SenderField


class Form(App[None]):
    def __init__(self, *fields: Widget) -> None:
        super().__init__()
        self.fields = fields

    def compose(self) -> ComposeResult:
        yield from self.fields

    def on_mount(self) -> None:
        self.fields[0].focus()


async def pasted(field: Widget, text: str) -> None:
    app = Form(field)
    async with app.run_test() as pilot:
        app.post_message(events.Paste(text))
        await pilot.pause()


async def test_a_pasted_list_of_lines_becomes_a_list_of_addresses() -> None:
    field = AddressInput()
    await pasted(field, "ann@example.org\nbob@example.org,\r\n\n  carl@example.org;\n")
    assert field.value == "ann@example.org, bob@example.org, carl@example.org"


async def test_pasted_lines_of_a_subject_are_joined() -> None:
    field = LineInput()
    await pasted(field, "one\ntwo\tthree\n")
    assert field.value == "one two three"


async def test_pasting_nothing_is_nothing() -> None:
    field = LineInput()
    await pasted(field, "\n")
    assert field.value == ""


async def test_a_paste_is_text_and_never_a_command() -> None:
    body = LetterBody()
    await pasted(body, "a\x1b[201~\x07\x9b31m\u202eb\r\nsecond\tline\r")
    assert body.text == "a␛[201~␇\ufffd31m\ufffdb\nsecond\tline\n"


def test_what_can_be_read_is_pasted_as_it_is() -> None:
    text = "« 10\u00a0€ » — naïve 漢字\u3000かな 👩\u200d👩 שלום"
    assert harmless(text) == text


async def test_two_hundred_kilobytes_are_pasted_at_once() -> None:
    body = LetterBody()
    text = "All work and no play makes a dull letter.\n" * 5_000
    start = time.perf_counter()
    await pasted(body, text)
    assert body.text == text
    assert time.perf_counter() - start < 5  # measured 0.3 s; the bound only catches something quadratic


async def test_a_megabyte_is_written_on_as_if_it_were_a_line() -> None:
    body = LetterBody("All work and no play makes a dull letter, he said.\n" * 20_000)
    async with Form(body).run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert type(body.document) is LongDocument and body.wrapped_document.height == 20_001
        start = time.perf_counter()
        await pilot.press(*"hello", "enter", "backspace")
        assert time.perf_counter() - start < 4  # measured 0.2 s; summed up anew for each line it took 3 s
        assert body.text.startswith("helloAll work") and body.wrapped_document.height == 20_001
        await pilot.press("ctrl+z")
        assert body.text.startswith("All work") or body.text.startswith("hello")


async def test_a_pasted_text_is_taken_back_with_one_key() -> None:
    app = Form(body := LetterBody("before"))
    async with app.run_test() as pilot:
        app.post_message(events.Paste("and after\nit"))
        await pilot.pause()
        await pilot.press("ctrl+z")
        assert body.text == "before"


async def test_an_editors_text_is_taken_back_with_one_key() -> None:
    app = Form(body := LetterBody("before"))
    async with app.run_test() as pilot:
        body.put("quite\nanother")
        await pilot.press("ctrl+z")
        assert body.text == "before"


async def test_the_text_leaves_tab_and_f6_to_others() -> None:
    app = Form(body := LetterBody("words"))
    async with app.run_test() as pilot:
        await pilot.press("tab", "f6", "f7")
        assert body.text == "words" and body.selected_text == ""


async def test_the_ends_of_the_text_are_one_key_away() -> None:
    app = Form(body := LetterBody("one\ntwo\nthree"))
    async with app.run_test() as pilot:
        await pilot.press("ctrl+end")
        assert body.cursor_location == (2, 5)
        await pilot.press("ctrl+home")
        assert body.cursor_location == (0, 0)


@pytest.mark.parametrize(
    "text", ["", "ann@example.org", "Ann <ann@example.org>, bob@intern.local", '"A, B" <a@b.org>,']
)
def test_good_addresses_are_not_talked_about(text: str) -> None:
    assert address_trouble(text) == ""


@pytest.mark.parametrize("text", ["bob", "ann@example.org, bob@", "a@@b.org", "Ann <>", "ann@exa mple.org"])
def test_a_wrong_address_is_named(text: str) -> None:
    assert address_trouble(text)


async def test_arrow_keys_go_through_the_accounts() -> None:
    field = SenderField([("work", Address("", "a@w.org")), ("home", Address("", "a@h.org"))], "work")
    app = Form(field)
    async with app.run_test() as pilot:
        await pilot.press("right")
        assert field.account == "home"
        await pilot.press("right", "left")
        assert field.account == "home"


async def test_one_account_is_no_choice() -> None:
    field = SenderField([("work", Address("Ann", "a@w.org"))], "work")
    app = Form(field)
    async with app.run_test():
        assert not field.focusable
        assert str(field.render()) == "Ann <a@w.org>"


@pytest.mark.parametrize("line", ["x" * 5000, "words and\ttabs " * 400, "會議 📎 e\u0301 " * 600, "> quoted " * 500])
async def test_one_very_long_line_is_drawn_as_any_other(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = Form(body := LetterBody(f"above\n{line}\nbelow"))
    async with app.run_test() as pilot:
        body.seek("an")
        for place in ((1, 0), (1, 2000), (1, len(line)), (2, 5)):
            body.selection = type(body.selection)((1, max(0, place[1] - 30)), place)
            await pilot.pause()
            quick, stock = drawn(body), None
            with monkeypatch.context() as slow:
                slow.setattr(LongLine, "FROM", 1 << 30)
                stock = drawn(body)
            assert quick == stock


LONG = st.text(alphabet="ab ce\u0301日本📎-", min_size=0, max_size=400).map(lambda text: text * 12)


@given(LONG, st.integers(0, 5000), st.integers(0, 60), st.text(alphabet="a b日", max_size=90), st.integers(4, 90))
def test_a_changed_line_is_broken_as_if_all_of_it_were_wrapped_anew(
    line: str, at: int, length: int, put: str, width: int
) -> None:
    top = at % (len(line) + 1)
    bottom = min(len(line), top + length)
    changed = line[:top] + put + line[bottom:]
    breaks = rewrapped(changed, compute_wrap_offsets(line, width, 1), (top, bottom, top + len(put)), width)
    assert breaks == compute_wrap_offsets(changed, width, 1)


async def test_a_very_long_line_among_others_is_written_in_as_in_any_other() -> None:
    text = f"above\n{'words and more of them ' * 400}\nbelow\nand below"
    app = Form(body := LetterBody(text))
    async with app.run_test() as pilot:
        body.focus()
        body.move_cursor((1, 4000))
        await pilot.press(*"some thing ", "backspace", "backspace", "enter", "backspace", *"x" * 90, "ctrl+z")
        quick, wrapped = body.wrapped_document, type(body.wrapped_document).__mro__[1](body.document, body.wrap_width)
        for name in ("_wrap_offsets", "_offset_to_line_info", "_line_index_to_offsets", "_tab_width_cache"):
            assert getattr(quick, name) == getattr(wrapped, name), name
        assert [quick.get_sections(row) for row in range(4)] == [wrapped.get_sections(row) for row in range(4)]
        assert body.text.startswith("above\n" + "words and more of them " * 170)


def drawn(body: LetterBody) -> list[object]:
    """Every row that is seen, with its looks."""
    body._line_cache.clear()
    return [list(body.render_line(y)) for y in range(body.size.height)]
