"""Reading a document: keys, places, links."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult

from tests.ui.test_layout import BLOCKS
from tui_mail.model.document import Block, Document, Fold, Run
from tui_mail.ui.widgets.document_view import MOST, DocumentView


class Page(App[None]):
    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield DocumentView(self.document)

    def on_mount(self) -> None:
        self.query_one(DocumentView).focus()

    @on(DocumentView.LinkClicked)
    def choose(self, event: DocumentView.LinkClicked) -> None:
        self.chosen.append(event.url)


def view(app: App[None]) -> DocumentView:
    return app.query_one(DocumentView)


def story(lines: int) -> Document:
    return Document(
        tuple(Block("text", (Run(f"line {number} of the long story that wraps"),)) for number in range(lines))
    )


def drawn(app: App[None]) -> list[str]:
    return [strip.text for strip in view(app).render_lines(view(app).size.region)]


async def test_a_short_letter_shows_whole() -> None:
    app = Page(Document((Block("heading", (Run("Hello"),), level=1), Block("gap"), Block("text", (Run("you"),)))))
    async with app.run_test(size=(40, 10)):
        assert [line.rstrip() for line in drawn(app)[:3]] == [" Hello", "", " you"]


async def test_the_first_screen_of_a_huge_letter_does_not_wait_for_the_rest() -> None:
    app = Page(Document())
    async with app.run_test(size=(80, 24)) as pilot:
        view(app).show(story(20_000))
        assert view(app).line_count < 1_000
        await pilot.press("G")
        assert view(app).line_count == 20_000
        assert "line 19999" in "\n".join(drawn(app))


async def test_another_letter_stops_the_wrapping_of_the_last() -> None:
    app = Page(Document())
    async with app.run_test(size=(80, 24)) as pilot:
        view(app).show(story(20_000))
        view(app).show(story(3))
        await pilot.pause()
        assert view(app).line_count == 3


async def test_keys_move_through_the_text() -> None:
    app = Page(story(300))
    async with app.run_test(size=(80, 24)) as pilot:
        places = []
        for key in ("j", "down", "k", "space", "pageup", "ctrl+d", "ctrl+u", "end", "home"):
            await pilot.press(key)
            places.append(view(app).scroll_offset.y)
        assert places == [1, 2, 1, 23, 1, 13, 1, 276, 0]


async def test_a_resize_keeps_the_place() -> None:
    app = Page(story(300))
    async with app.run_test(size=(80, 24)) as pilot:
        view(app).scroll_to(y=120, animate=False)
        await pilot.pause()
        before = drawn(app)[0].split("of")[0]
        await pilot.resize_terminal(30, 24)
        await pilot.pause()
        assert drawn(app)[0].split("of")[0] == before
        await pilot.resize_terminal(140, 40)
        await pilot.pause()
        assert drawn(app)[0].split("of")[0] == before


async def test_lines_end_at_a_hundred_cells_on_a_wide_screen() -> None:
    app = Page(Document((Block("text", (Run("word " * 100),)),)))
    async with app.run_test(size=(200, 24)):
        assert max(cell_len(line) for line in view(app).lines) <= MOST


async def test_a_click_on_a_link_says_where_it_leads() -> None:
    link = Block("text", (Run("see "), Run("the offer", link=1)))
    app = Page(Document((link,), links=("https://example.org/offer",)))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.click(DocumentView, offset=(2, 0))
        assert app.chosen == []
        await pilot.click(DocumentView, offset=(7, 0))
        assert app.chosen == ["https://example.org/offer"]


async def test_a_link_number_that_leads_nowhere_is_plain_text() -> None:
    app = Page(Document((Block("text", (Run("odd", link=7),)),)))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.click(DocumentView, offset=(2, 0))
        assert app.chosen == []


async def test_words_in_brackets_are_words() -> None:
    app = Page(Document((Block("text", (Run("[/oops] [@click=app.quit]press[/]"),)),)))
    async with app.run_test(size=(60, 10)):
        assert "[/oops] [@click=app.quit]press[/]" in drawn(app)[0]


async def test_what_the_mouse_selects_is_what_is_read() -> None:
    app = Page(Document((Block("text", (Run("first words"),)), Block("text", (Run("quoted"),), quote=1))))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.mouse_down(DocumentView, offset=(1, 0))
        await pilot.hover(DocumentView, offset=(30, 1))
        await pilot.mouse_up(DocumentView, offset=(30, 1))
        assert app.screen.get_selected_text() == "first words\n> quoted"


def test_every_drawn_line_fills_exactly_the_view() -> None:
    @settings(max_examples=25, deadline=None)
    @given(BLOCKS)
    def drawn_widths(block: Block) -> None:
        asyncio.run(look(block))

    async def look(block: Block) -> None:
        app = Page(Document((block, block)))
        async with app.run_test(size=(24, 8)):
            inside = view(app).scrollable_content_region.width
            assert {view(app).render_line(y).cell_length for y in range(6)} == {inside}

    drawn_widths()


def quoted(lines: int) -> Document:
    """A line, a folded quote, a line."""
    quote = tuple(Block("text", (Run(f"said {number}"),), quote=1, fold=1) for number in range(lines))
    above, below = Block("text", (Run("above"),)), Block("text", (Run("below"),))
    return Document((above, *quote, below), folds=(Fold(f"{lines} quoted lines"),))


async def test_a_long_quote_is_one_line_until_it_is_opened() -> None:
    app = Page(quoted(17))
    async with app.run_test(size=(40, 30)) as pilot:
        assert view(app).lines == ["above", "> ▸ 17 quoted lines", "below"]
        await pilot.press("Q")
        assert view(app).lines[1:3] == ["> ▾ 17 quoted lines", "> said 0"] and view(app).line_count == 20
        await pilot.press("Q")
        assert view(app).line_count == 3


async def test_a_click_opens_one_quote() -> None:
    app = Page(quoted(4))
    async with app.run_test(size=(40, 30)) as pilot:
        await pilot.click(DocumentView, offset=(6, 1))
        assert view(app).line_count == 7
        await pilot.click(DocumentView, offset=(6, 1))
        assert view(app).line_count == 3


async def test_folding_leaves_the_eye_where_it_is() -> None:
    tail = tuple(Block("text", (Run(f"after {number}"),)) for number in range(60))
    document = quoted(17)
    app = Page(Document((*document.blocks, *tail), folds=document.folds))
    async with app.run_test(size=(40, 10)) as pilot:
        view(app).scroll_to(y=30, animate=False)
        await pilot.pause()
        before = drawn(app)[0]
        await pilot.press("Q")
        assert drawn(app)[0] == before


async def test_the_terminal_is_not_given_a_link_that_lies_for_it_would_open_it_unasked() -> None:
    runs = (Run("www.bank.example", link=1), Run(" and "), Run("www.bank.example/help", link=2))
    app = Page(Document((Block("text", runs),), ("https://evil.example/", "https://bank.example/help")))
    async with app.run_test(size=(60, 10)):
        view = app.query_one(DocumentView)
        shown = {segment.text: segment.style for segment in view.render_line(0) if segment.style is not None}
        lie, honest = shown["www.bank.example"], shown["www.bank.example/help"]
        assert lie.link is None and lie.meta["mail_link"] == 1
        assert honest.link == "https://bank.example/help"
