"""A letter on the page: head, notes, attachments, and what is said where there is none."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import App, ComposeResult

from tests.ui.letters import ANN, BOB, message, row, told
from tests.ui.world import came
from tui_mail.model.address import Address
from tui_mail.model.errors import NotFound, Offline
from tui_mail.model.insight import Insight
from tui_mail.model.message import Attachment
from tui_mail.ui.widgets.attachment_strip import AttachmentStrip, size_words
from tui_mail.ui.widgets.document_view import DocumentView
from tui_mail.ui.widgets.letterhead import date_words
from tui_mail.ui.widgets.reader import Reader

PDF = Attachment("2", "plan.pdf", "application/pdf", 34_567)


class Desk(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield Reader()

    def on_mount(self) -> None:
        self.query_one(DocumentView).focus()

    @on(AttachmentStrip.Chosen)
    def choose(self, event: AttachmentStrip.Chosen) -> None:
        self.chosen.append(event.attachment.name)


def reader(app: App[None]) -> Reader:
    return app.query_one(Reader)


def page(app: App[None]) -> str:
    return "\n".join(app.query_one(DocumentView).lines)


async def test_the_head_names_everybody_with_the_real_address() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)):
        reader(app).show(replace(message("Lunch"), cc=(Address("Boss", "eve@evil.example"),)))
        text = page(app)
        assert text.splitlines()[0] == "Lunch"
        assert "From      Bob <bob@example.org>" in text
        assert "Cc        Boss <eve@evil.example>" in text
        assert "Bcc" not in text


async def test_the_eye_stays_where_it_is_when_the_rest_of_a_large_letter_comes() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        lines = [f"Line {number}" for number in range(200)]
        reader(app).expect(row())
        reader(app).begin(message("Lunch", *lines[:60]), Insight(), at=row().id)
        await pilot.press("space")
        before = app.query_one(DocumentView).scroll_offset
        assert before.y > 0 and reader(app).message is None, "nothing can be done with half a letter"
        reader(app).show(message("Lunch", *lines), at=row().id)
        await pilot.pause()
        assert app.query_one(DocumentView).scroll_offset == before
        assert "Line 70" in page(app)


async def test_the_beginning_of_a_letter_that_was_left_is_not_shown() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)):
        reader(app).expect(row(2, "Dinner"))
        reader(app).begin(message("Lunch"), Insight(), at=row(1).id)
        assert "Lunch" not in page(app)


async def test_an_answer_that_would_go_elsewhere_is_shown() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)):
        reader(app).show(replace(message(), reply_to=(Address("", "other@example.net"),)))
        assert "Reply to  other@example.net" in page(app)
        reader(app).show(replace(message(), reply_to=(BOB,)))
        assert "Reply to" not in page(app)


async def test_a_crowd_is_counted() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)):
        crowd = tuple(Address("", f"p{number}@example.org") for number in range(120))
        reader(app).show(replace(message(), to=(ANN, *crowd)))
        assert "and 115 more" in page(app)


async def test_full_headers_come_and_go_and_stay_for_the_next_letter() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        reader(app).show(message())
        await pilot.press("h")
        assert "Received: from here" in page(app)
        reader(app).expect(row())
        reader(app).show(message("Other"))
        assert "Received: from here" in page(app)
        await pilot.press("h")
        assert "Received" not in page(app)


async def test_notes_are_told_once() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)):
        body = replace(told("words"), notes=("3 trackers blocked.",))
        reader(app).show(replace(message(), document=body, notes=("3 trackers blocked.", "A part is damaged.")))
        assert page(app).count("3 trackers blocked") == 1
        assert "! 3 trackers blocked · A part is damaged" in page(app)


async def test_attachments_are_named_and_can_be_chosen() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        reader(app).show(message(attachments=(PDF,)))
        await pilot.pause()
        strip = app.query_one(AttachmentStrip)
        assert "plan.pdf PDF 35 KB" in strip.render_lines(strip.size.region)[0].text
        await pilot.click(AttachmentStrip, offset=(20, 0))
        assert app.chosen == ["plan.pdf"]
        reader(app).show(message())
        assert not strip.display


async def test_markup_in_a_file_name_is_a_name() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        reader(app).show(message("[/]", attachments=(replace(PDF, name="[/x][@click=app.quit].pdf"),)))
        await pilot.pause()
        strip = app.query_one(AttachmentStrip)
        assert "[/x][@click=app.quit].pdf" in strip.render_lines(strip.size.region)[0].text


async def test_many_attachments_take_three_lines_and_the_rest_is_counted() -> None:
    app = Desk()
    async with app.run_test(size=(60, 24)) as pilot:
        reader(app).show(message(attachments=tuple(replace(PDF, part=str(n), name=f"file {n}.pdf") for n in range(30))))
        await pilot.pause()
        strip = app.query_one(AttachmentStrip)
        assert strip.size.height == 3
        assert "more" in strip.render_lines(strip.size.region)[2].text


async def test_a_letter_that_comes_at_once_shows_no_waiting() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        reader(app).show(message("First"))
        reader(app).expect(row(subject="Second"))
        assert "First" in page(app)
        reader(app).show(message("Second"))
        await pilot.pause(0.25)
        assert "Fetching" not in page(app)


async def test_a_wait_shows_what_is_known_already() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        reader(app).expect(row(subject="Second"))
        await pilot.pause(0.25)
        assert page(app).splitlines()[0] == "Second"
        assert "Fetching the letter" in page(app)


async def test_offline_says_that_the_letter_is_not_here_yet() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)):
        reader(app).expect(row())
        reader(app).fail(Offline("imap.example.org cannot be reached."))
        assert "Not here yet: imap.example.org cannot be reached." in page(app)
        reader(app).fail(NotFound("The letter is gone."))
        assert "The letter is gone." in page(app)
        assert reader(app).message is None


async def test_no_letter_says_why() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)):
        reader(app).show(message())
        reader(app).clear("Nothing is chosen.")
        assert page(app) == "Nothing is chosen."


def test_sizes_are_told_as_people_do() -> None:
    assert [size_words(size) for size in (0, 999, 1_000, 34_567, 1_234_567, 999_999, 12_000_000, 2_500_000_000)] == [
        "0 B",
        "999 B",
        "1 KB",
        "35 KB",
        "1.2 MB",
        "1.0 MB",
        "12 MB",
        "2.5 GB",
    ]


def test_an_impossible_date_does_not_stop_the_letter() -> None:
    assert date_words(10**18) == "a date that cannot be"
    assert date_words(None) == "not said"
    assert date_words(0).endswith(("1970, 00:00 UTC",)) or "19" in date_words(0)


async def test_the_eye_stays_where_it_is_when_the_head_becomes_shorter() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        lines = [f"Line {number}" for number in range(200)]
        several = replace(message("Lunch", *lines), cc=(Address("Boss", "eve@evil.example"),))
        reader(app).show(several, at=row().id)
        view = app.query_one(DocumentView)
        await pilot.press("space", "space")
        before = page(app).splitlines()[round(view.scroll_y)]
        assert before.startswith("Line")
        await pilot.resize_terminal(80, 12)
        assert await came(pilot, lambda: "Cc" not in page(app), 20)
        assert page(app).splitlines()[round(view.scroll_y)] == before
        await pilot.resize_terminal(80, 24)
        assert await came(pilot, lambda: "Cc" in page(app), 20)
        assert page(app).splitlines()[round(view.scroll_y)] == before
