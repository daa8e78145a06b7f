"""Drafts in the server's Drafts folder: the new copy is confirmed before the old one goes, and what another program
wrote meanwhile is never overwritten.

Runs on an account's session. A copy is known by its Message-ID, which is new with every upload, and by its size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tui_mail.backend.contract import RemoteMessage
from tui_mail.mime import build, header
from tui_mail.mime.clean import line
from tui_mail.mime.parse import parse
from tui_mail.mime.reply import resumed
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId, Enclosure
from tui_mail.model.errors import BadInput, MailError, NotFound, Refused
from tui_mail.model.event import DraftChanged, Failed
from tui_mail.model.folder import FolderId
from tui_mail.model.message import DRAFT, SEEN

from .desk import TELL, Desk
from .placed import Copy, digest
from .sealing import is_secret

_LOOKED_AT = 50
"""The newest messages among which another program's version of a draft is looked for."""


class ServerDrafts:
    """One look at the drafts of an account; `unsettled` are those about which the person has not decided yet."""

    def __init__(self, load: Callable[[Enclosure], bytes], unsettled: set[DraftId], asked: set[DraftId]) -> None:
        """`load` gives the octets of an enclosure; `asked` are drafts whose copy is looked at though nothing changed
        here."""
        self._load = load
        self._unsettled = unsettled
        self._asked = asked

    def place(self, desk: Desk) -> None:
        """Uploads what changed, removes what is done with. Without a Drafts folder drafts stay on this machine, and
        always those that are to be encrypted: the server would read what the letter hides."""
        account = desk.account.key
        folder = desk.write(lambda books: books.placed.raw_folder(books.index.connection, account))
        drafts = desk.write(lambda books: books.placed.open_drafts(account))
        leftovers = desk.write(lambda books: books.placed.leftovers(account))
        secret = {draft.id for draft in drafts if is_secret(draft, desk.account)}
        waiting = [draft for draft in drafts if not draft.is_empty and draft.id not in self._unsettled | secret]
        for id in secret:  # what became a secret after it had been put there
            leftovers += desk.write(lambda books, id=id: books.placed.copies(id, account))  # type: ignore[misc]  # bound
        if folder is None or not (waiting or leftovers):
            return
        raw, folder_id = folder
        try:
            changed = [self._try(desk, raw, draft) for draft in waiting]
            changed += [self._remove(desk, raw, copy) for copy in leftovers]
        except NotFound:
            return  # the folder went away; the next listing says so
        finally:
            desk.leave()
        if any(changed):
            desk.again(FolderId(folder_id))

    # --- up

    def _try(self, desk: Desk, raw: bytes, draft: Draft) -> bool:
        """True where the folder has changed. What cannot be put there is said, once a pause, and keeps no other draft
        from being put there."""
        try:
            return self._place(desk, raw, draft)
        except (BadInput, Refused) as error:
            if isinstance(error, Refused) and not error.permanent:
                raise
            words = f"“{draft.subject or 'no subject'}” is kept on this machine alone: {error.text}"
            desk.tell(Failed(MailError(words, remedy=error.remedy, detail=error.detail), desk.account.key))
            return False

    def _place(self, desk: Desk, raw: bytes, draft: Draft) -> bool:
        """True where the folder has changed."""
        account = desk.account.key
        desk.breathe(TELL)
        copies = desk.write(lambda books: books.placed.copies(draft.id, account))
        now = digest(draft)
        is_settled = len(copies) == 1 and copies[0].confirmed and copies[0].digest == now
        if is_settled and draft.id not in self._asked:
            return False
        self._asked.discard(draft.id)
        desk.store.open(raw)
        known = self._confirm(desk, copies)
        current = next((copy for copy in known if copy.confirmed), None)
        if current is not None and not self._stands(desk, current):
            self._changed_elsewhere(desk, raw, draft, current)
            return False
        if current is None or current.digest != now:
            try:
                current = self._upload(desk, raw, draft, now)
            except (BadInput, Refused) as error:
                if isinstance(error, Refused) and not error.permanent:
                    return False
                raise  # over quota, a file that is gone
        for copy in known:
            if copy.message_id != current.message_id:
                self._remove(desk, raw, copy)
        return not is_settled

    def _confirm(self, desk: Desk, copies: list[Copy]) -> list[Copy]:
        """What an upload whose answer was not heard left there counts; what left nothing is forgotten.

        Of two that stand there the later upload is the newer text: the confirmed one is then an old copy.
        """
        found: list[Copy] = []
        for copy in sorted(copies, key=lambda copy: copy.confirmed):
            if copy.confirmed:
                found.append(copy if not found else replace(copy, confirmed=False))
                continue
            size = self._size(desk, copy.message_id)
            if size is None:
                desk.write(lambda books, copy=copy: books.placed.forget(copy.draft, copy.message_id))  # type: ignore[misc]  # bound
            else:
                done = replace(copy, confirmed=True, size=size)
                desk.write(lambda books, done=done: books.placed.put(done, desk.account.key))  # type: ignore[misc]  # bound
                found.append(done)
        return found

    def _upload(self, desk: Desk, raw: bytes, draft: Draft, now: str) -> Copy:
        """Written down, put there, seen there. Raises Refused, BadInput."""
        account = desk.account
        sender = Address(account.name, account.address)
        copy = Copy(draft.id, build.new_message_id(sender.domain), now, False, 0)
        octets = build.build_draft(draft, sender=sender, message_id=copy.message_id, now=desk.clock(), load=self._load)
        desk.write(lambda books: books.placed.put(copy, account.key))
        desk.store.append(raw, octets, frozenset({DRAFT, SEEN}))
        desk.store.open(raw)
        size = self._size(desk, copy.message_id)
        if size is None:
            raise Refused("The server took the draft but does not show it; it stays on this machine.", permanent=False)
        done = replace(copy, confirmed=True, size=size)
        desk.write(lambda books: books.placed.put(done, account.key))
        return done

    # --- looking

    def _size(self, desk: Desk, message_id: str) -> int | None:
        """The size of the copy of that name, None where there is none in the open folder."""
        found = desk.store.find(message_id)
        sizes = desk.store.identity(found)
        return max((size for name, size in sizes.values() if name.strip() == message_id), default=None)

    def _stands(self, desk: Desk, copy: Copy) -> bool:
        return self._size(desk, copy.message_id) == copy.size

    def _changed_elsewhere(self, desk: Desk, raw: bytes, draft: Draft, copy: Copy) -> None:
        """Another program wrote on, sent or removed it: the person decides."""
        self._unsettled.add(draft.id)
        theirs, name, size = None, "", 0
        for one in sorted(desk.store.newest(_LOOKED_AT), key=lambda one: -one.uid):
            fields = {key.lower(): value for key, value in header.fields(one.header)}
            name = next(iter(header.message_ids(fields.get("message-id", b""))), "")
            is_known = name != copy.message_id and desk.write(lambda books, name=name: books.placed.draft_of(name))  # type: ignore[misc]  # bound
            if not is_known and _is_kin(fields, draft, name == copy.message_id):
                theirs, size = self._read(desk, one, draft), one.size
                break
        desk.tell(DraftChanged(draft.id, theirs, name if theirs is not None else "", size))

    def _read(self, desk: Desk, one: RemoteMessage, draft: Draft) -> Draft:
        account = desk.account
        own = (
            Address(account.name, account.address),
            *(Address(i.name, i.address) for i in account.identities.values()),
        )
        message = parse(desk.store.fetch(one.uid))
        found = resumed(message, id=draft.id, account=account.key, own=own, source=0)
        files = draft.enclosures if len(draft.enclosures) == len(found.enclosures) else ()
        return replace(found, enclosures=files, answers=draft.answers, forwards=draft.forwards, came_to=draft.came_to)

    # --- away

    def _remove(self, desk: Desk, raw: bytes, copy: Copy) -> bool:
        """Exactly this copy, if it still is the one that was put there."""
        desk.store.open(raw)
        sizes = desk.store.identity(desk.store.find(copy.message_id))
        ours = [uid for uid, (name, size) in sizes.items() if name.strip() == copy.message_id and size == copy.size]
        if ours:
            desk.store.expunge(ours)
        desk.write(lambda books: books.placed.forget(copy.draft, copy.message_id))
        return bool(ours)


def _is_kin(fields: dict[str, bytes], draft: Draft, is_same: bool) -> bool:
    """Whether a message is the same letter, written on by another program."""
    if is_same:
        return True
    answered = header.message_ids(fields.get("in-reply-to", b""))
    if draft.in_reply_to:
        return draft.in_reply_to in answered
    subject = line(header.decode(fields.get("subject", b"")))
    return bool(draft.subject.strip()) and subject.strip() == line(draft.subject).strip()
