"""Whom one writes to: found, written to, edited, taken out, moved in and out as vCards."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.mime import vcard
from tui_mail.mime.clean import clean
from tui_mail.model.contact import Contact, plain
from tui_mail.model.errors import BadInput
from tui_mail.model.operation import count

from ..bridge import MailScreen, answer, asking
from ..widgets.field import Field
from ..widgets.key_bar import KeyBar
from ..widgets.line_input import LineInput, address_trouble
from ..widgets.message_row import short_date
from .dialogs import Dialog
from .path_dialog import PathDialog

_SHOWN = 500
"""People that are listed at once; typing narrows."""
_AROUND = 5
"""Cells of the padding, the scrollbar and a little air."""


class ContactDialog(Dialog[Contact | None]):
    """One person's lines; answers what they say, or None for Esc."""

    BINDINGS = [
        Binding("escape", "leave", "Back", id="dialog.back", tooltip="Leave it as it is"),
        Binding("ctrl+s", "done", "Save", id="contact.save", tooltip="Write it down"),
    ]
    DEFAULT_CSS = """
    ContactDialog Field { margin: 0; }
    ContactDialog LineInput { margin: 0; }
    """

    def __init__(self, contact: Contact, title: str) -> None:
        super().__init__()
        self._contact, self._title = contact, title

    def compose(self) -> ComposeResult:
        one = self._contact
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="heading")
            yield Field("Name", LineInput(one.name, id="name"))
            yield Field("Address", LineInput(one.email, id="email"))
            yield Field("Nickname", LineInput(one.nick, id="nick"))
            yield Field("Groups", LineInput(", ".join(one.groups), placeholder="with commas", id="groups"))
            yield Field("Note", LineInput(one.note, id="note"))
            with Horizontal(classes="ways"):
                yield Button("Back", id="no", compact=True)
                yield Button("Save", id="yes", variant="primary", compact=True)

    def on_mount(self) -> None:
        self.query_one("#name" if not self._contact.name else "#email", LineInput).focus()

    @on(Button.Pressed, "#no")
    def action_leave(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted)
    @on(Button.Pressed, "#yes")
    def action_done(self) -> None:
        value = {
            name: self.query_one(f"#{name}", LineInput).value.strip() for name in ("name", "email", "nick", "note")
        }
        if trouble := address_trouble(value["email"]) or ("" if value["email"] else "Which address?"):
            field = self.query_one("#email", LineInput)
            next(node for node in field.ancestors if isinstance(node, Field)).say(trouble)
            field.focus()
            return
        groups = tuple(filter(None, (one.strip() for one in self.query_one("#groups", LineInput).value.split(","))))
        one = self._contact
        self.dismiss(
            Contact(
                value["email"], value["name"], value["nick"], groups, value["note"], one.letters, one.last, edited=True
            )
        )


class ContactsScreen(MailScreen):
    """A list that typing narrows. `chosen` are the people to write to after it closed."""

    BINDINGS = [
        Binding("escape", "leave", "Back", id="contacts.back", tooltip="Back to the messages"),
        Binding("enter", "write", "Write", id="contacts.write", tooltip="A letter to this person"),
        Binding("ctrl+n", "new", "New", id="contacts.new", tooltip="Somebody new"),
        Binding("f4", "edit", "Edit", id="contacts.edit", tooltip="Change what is known"),
        Binding("f8", "remove", "Take out", id="contacts.remove", tooltip="Do not offer this address any more"),
        Binding("f2", "bring_in", "Import", id="contacts.import", tooltip="Read a vCard file"),
        Binding("f3", "take_out", "Export", id="contacts.export", tooltip="Write all of them as vCards"),
        Binding("down", "move(1)", "Down", id="list.down", show=False, tooltip="The next person"),
        Binding("up", "move(-1)", "Up", id="list.up", show=False, tooltip="The person above"),
        Binding("pagedown", "move(10)", "Page down", id="list.page-down", show=False, tooltip="A page on"),
        Binding("pageup", "move(-10)", "Page up", id="list.page-up", show=False, tooltip="A page back"),
    ]
    DEFAULT_CSS = """
    ContactsScreen > LineInput { margin: 0 1; }
    ContactsScreen > OptionList { height: 1fr; border: none; padding: 0; }
    ContactsScreen > #nobody { height: auto; padding: 1; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.chosen: Contact | None = None
        self._found: list[Contact] = []

    def compose(self) -> ComposeResult:
        yield Static(
            Content.assemble(("People", "bold"), ("  those you wrote to, and those you wrote down", "$muted")),
            id="title",
        )
        yield LineInput(placeholder="part of a name, address, nickname or group")
        yield OptionList(markup=False, compact=True)
        yield Static(Content("Nobody is known here yet: people are learned from what you send."), id="nobody")
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        self.query_one(LineInput).focus()
        self.draw()

    @on(Input.Changed)
    def draw(self) -> None:
        words = plain(self.query_one(LineInput).value).split()
        people = self.app.mail.contacts.all()
        self._found = [one for one in people if all(word in _text(one) for word in words)][:_SHOWN]
        box = self.query_one(OptionList)
        box.set_options(Option(self._line(one)) for one in self._found)
        box.highlighted = 0 if self._found else None
        self.query_one("#nobody").display = not people
        self.refresh_bindings()

    def _line(self, one: Contact) -> Content:
        more = [one.nick, *(f"[{group}]" for group in one.groups)]
        if one.letters:
            more.append(f"{count(one.letters, 'letter')}, {short_date(int(one.last), self.app.clock())}")
        width = self.app.size.width - _AROUND
        name, address = width * 7 // 25, width * 3 // 8
        first = Content.styled(clean(one.name or one.email), "bold")
        where = [_column(first, name), _column(Content(clean(one.email)), address)] if one.name else [first]
        about = Content.styled(clean("  ".join(filter(None, more))), "$muted")
        return Content("  ").join([*where, about]).truncate(width, ellipsis=True)

    @property
    def _one(self) -> Contact | None:
        at = self.query_one(OptionList).highlighted
        return self._found[at] if at is not None and at < len(self._found) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("write", "edit", "remove") and self.is_mounted and self._one is None:
            return None
        return super().check_action(action, parameters)

    def action_move(self, way: int) -> None:
        box = self.query_one(OptionList)
        if box.highlighted is not None:
            box.highlighted = min(max(0, box.highlighted + way), len(self._found) - 1)

    def action_leave(self) -> None:
        self.dismiss()

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def action_write(self) -> None:
        self.chosen = self._one
        if self.chosen is not None:
            self.dismiss()

    @asking("contact", exclusive=True)
    async def action_new(self) -> None:
        typed = self.query_one(LineInput).value.strip()
        begun = Contact(typed) if "@" in typed else Contact("", typed)
        await self._keep(await self.app.push_screen_wait(ContactDialog(begun, "Somebody new")), "")

    @asking("contact", exclusive=True)
    async def action_edit(self) -> None:
        if (one := self._one) is not None:
            await self._keep(await self.app.push_screen_wait(ContactDialog(one, one.name or one.email)), one.key)

    async def _keep(self, contact: Contact | None, before: str) -> None:
        if contact is not None:
            await self._put([contact], instead_of=before if before != contact.key else "")
            self.app.said(f"{contact.name or contact.email} is written down.")

    async def _put(self, contacts: Sequence[Contact], *, instead_of: str = "") -> None:
        await answer(self.app.mail.contacts.put(contacts, instead_of=instead_of))
        await answer(self.app.mail.contacts.settled())
        self.draw()

    @asking("contact", exclusive=True)
    async def action_remove(self) -> None:
        if (one := self._one) is not None:
            self.app.mail.contacts.remove([one.key])
            await answer(self.app.mail.contacts.settled())
            self.draw()
            self.app.said(f"{one.email} is not offered any more, until you write there again.")

    @asking("contact", exclusive=True)
    async def action_bring_in(self) -> None:
        path = await self.app.push_screen_wait(PathDialog("Which vCard file?", "~/"))
        if path is None:
            return
        try:
            found = vcard.read(path.read_bytes())
        except OSError as error:
            raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
        if not found:
            raise BadInput(f"{path.name} holds no card with an address in it.")
        await self._put(found)
        self.app.said(f"{count(len(found), 'card')} imported.")

    @asking("contact", exclusive=True)
    async def action_take_out(self) -> None:
        folder = await self.app.push_screen_wait(PathDialog("Into which folder?", "~/", folders_only=True))
        if folder is not None:
            people = self.app.mail.contacts.all()
            path = _written(folder, vcard.write(people))
            self.app.said(f"{count(len(people), 'card')} in {path.name}.")


def _text(one: Contact) -> str:
    return plain(f"{one.name} {one.email} {one.nick} {' '.join(one.groups)}")


def _written(folder: Path, data: bytes) -> Path:
    """A file of its own; nothing that is there is overwritten. Raises BadInput."""
    for number in range(1, 100):
        path = folder / ("contacts.vcf" if number == 1 else f"contacts-{number}.vcf")
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
            return path
        except FileExistsError:
            continue
        except OSError as error:
            raise BadInput(f"{path} cannot be written: {error.strerror}.") from error
    raise BadInput(f"{folder} holds a hundred such files already.")


def _column(text: Content, width: int) -> Content:
    return text.truncate(width, ellipsis=True, pad=True)
