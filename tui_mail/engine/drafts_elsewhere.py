"""Drafts beyond this machine and this moment: older texts, copies on the server, letters begun by other programs."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from tui_mail.config.settings import Account
from tui_mail.mime import parse
from tui_mail.mime.clean import safe_file_name
from tui_mail.mime.reply import resumed
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId, Enclosure
from tui_mail.model.errors import BadInput
from tui_mail.model.event import Connection, DraftChanged, Event, Sent
from tui_mail.model.message import Message, Summary

from .accounts import Accounts
from .books import Books
from .correspondence import Correspondence
from .placed import Copy, digest
from .reader import Reader
from .server_drafts import ServerDrafts
from .windows import Windows
from .writer import Writer


class Drafting:
    """What a draft was before, and what it is elsewhere."""

    def __init__(
        self,
        data: Path,
        writer: Writer,
        reader: Reader,
        windows: Windows,
        letters: Correspondence,
        accounts: Accounts,
        *,
        to_servers: bool,
        read_only: bool,
    ) -> None:
        self._folder = data / "enclosures"
        self._writer = writer
        self._reader = reader
        self._windows = windows
        self._letters = letters
        self._accounts = accounts
        self._to_servers = to_servers and not read_only
        self._unsettled: set[DraftId] = set()
        self._changed: dict[DraftId, DraftChanged] = {}
        self._asked: set[DraftId] = set()
        self._server = ServerDrafts(letters.load, self._unsettled, self._asked)

    # --- older texts

    def versions(self, draft: DraftId) -> Sequence[Draft]:
        """What was kept of it, the newest first."""
        return self._windows.versions(draft)

    def keep_version(self, draft: Draft) -> None:
        """What the letter says now stays among its older texts."""
        self._writer.do(lambda books: books.letters.keep_version(draft), urgent=True)

    # --- the server's Drafts folder

    def paused(self, account: str) -> None:
        """Nobody types just now: what changed goes to the server, what is done with goes away there."""
        if self._to_servers:
            try:
                session = self._accounts.session(account)
            except BadInput:
                return  # an account that is switched off: the draft stays here
            self._writer.hurry()  # the last key strokes go along
            session.rounds.tell("drafts", self._server.place)

    def opened(self, draft: Draft) -> None:
        """The person writes on: what other programs did to the draft is looked for first."""
        self._asked.add(draft.id)
        self.paused(draft.account)

    def followed(self, event: Event) -> None:
        """What the engine told. With a connection, what happened meanwhile here and there is made good; once a letter
        is sent its draft goes; what another program changed is not touched there until `settle`."""
        match event:
            case Connection(account, "online", retry_at=None):
                self._asked.update(draft.id for draft in self._letters.drafts())
                self.paused(account)
            case Sent(_, account):
                self.paused(account)
            case DraftChanged():
                self._changed[event.draft] = event
            case _:
                pass

    def changed(self, draft: DraftId) -> DraftChanged | None:
        """What another program made of it, while the person has not decided."""
        return self._changed.get(draft)

    def settle(self, draft: Draft, choice: str) -> Draft:
        """The person decided: `mine` replaces theirs, `theirs` replaces mine, `both` stay as two letters.

        Returns the draft to write on. What it was before stays among its versions.
        """
        event = self._changed.pop(draft.id, None)
        if event is None:
            return draft
        theirs = event.theirs
        after = replace(theirs, id=draft.id) if choice == "theirs" and theirs is not None else draft

        def job(books: Books) -> None:
            books.letters.keep_version(draft)
            books.placed.forget(draft.id)
            if choice != "both" and event.message_id:
                known = digest(after) if choice == "theirs" else ""
                books.placed.put(Copy(draft.id, event.message_id, known, True, event.size), draft.account)
            self._unsettled.discard(draft.id)

        self._writer.do(job, urgent=True).add_done_callback(lambda _: self.paused(draft.account))
        if after is not draft:
            self._letters.keep(after)
        return after

    # --- letters that other programs began

    def resume(self, row: Summary, raw: Future[bytes], account: Account) -> Future[Draft]:
        """The letter in the Drafts folder, to be written on here; one of ours is opened as it is here.

        Its files are kept on this machine first, because its copy on the server goes once there is a newer one. Of a
        letter that somebody sent, filed there by hand, the new one is a copy, and it stays as it is.
        """
        return self._reader.then(raw, lambda octets: self._resume(row, octets, account))

    def _resume(self, row: Summary, raw: bytes, account: Account) -> Draft:
        message = parse.parse(raw)
        ours = self._writer.do(lambda books: books.placed.draft_of(message.message_id)).result()
        for known in self._letters.drafts():
            if known.id == ours:
                return known
        own = [Address(account.name, account.address)]
        own += [Address(one.name or account.name, one.address) for one in account.identities.values()]
        draft = resumed(message, id=DraftId(secrets.token_hex(8)), account=account.key, own=own, source=row.id)
        kept = tuple(self._kept(draft.id, number, one, raw) for number, one in enumerate(draft.enclosures))
        draft = replace(draft, enclosures=kept)
        if message.message_id and _is_draft(message, own):
            copy = Copy(draft.id, message.message_id, digest(draft), True, row.size)
            self._writer.do(lambda books: books.placed.put(copy, account.key)).result()
        self._letters.keep(draft)
        return draft

    def _kept(self, draft: DraftId, number: int, enclosure: Enclosure, raw: bytes) -> Enclosure:
        octets = parse.part(raw, enclosure.part)
        folder = self._folder / draft / str(number)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / safe_file_name(enclosure.name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(octets)
        return replace(enclosure, path=str(path), source=0, part="", size=len(octets))

    def tidy(self) -> None:
        """Once a start: files of letters that are sent are no longer needed."""
        if not self._folder.is_dir():
            return

        def job(books: Books) -> None:
            for folder in self._folder.iterdir():
                if books.letters.is_sent(DraftId(folder.name)):
                    shutil.rmtree(folder, ignore_errors=True)

        self._writer.do(job)


def _is_draft(message: Message, own: Sequence[Address]) -> bool:
    """Whether the person may have begun it: it is from nobody else, and no server handed it over."""
    came = any(name.lower() == "received" for name, _ in message.headers)
    return not came and (not message.sender.email or message.sender.is_one_of(own))
