"""What the person puts off or mutes, and what the program does by itself because of it and because of rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tui_mail.model.errors import BadConfig, BadInput, MailError, NotFound
from tui_mail.model.event import Changed, Event, Failed, Noticed
from tui_mail.model.folder import FolderId, Role
from tui_mail.model.message import FLAGGED, SEEN, MessageId
from tui_mail.model.operation import Group, Operation, Route, count, mark, move_by_account
from tui_mail.model.rule import Rule

from .actions import Actions, worded
from .books import Books
from .index import Index
from .put_off import back_to
from .schema import writing
from .windows import Windows
from .writer import Writer

_HEADS, _TEXT = 1, 2
"""How far the rules are with a message: nothing was looked at; its text is still awaited."""


class Deferral:
    """`snooze` and `mute` are keys; `ring` is the alarm's."""

    def __init__(
        self,
        writer: Writer,
        windows: Windows,
        actions: Actions,
        *,
        written: Sequence[Rule],
        clock: Callable[[], float],
        tell: Callable[[Event], None],
        awaits_text: bool,
    ) -> None:
        """`written`: the rules of the person's own file. `awaits_text`: the text of new mail comes by itself."""
        self._writer = writer
        self._windows = windows
        self._actions = actions
        self._written = tuple(written)
        self._clock = clock
        self._tell = tell
        self._awaits_text = awaits_text

    def now(self) -> float:
        return self._clock()

    # --- by key

    def snooze(self, ids: Sequence[MessageId], until: float, words: str) -> Operation:
        """Out of the way until then. `words` is the time for people. NotFound where an account has no such folder."""
        if until <= self._clock():
            raise BadInput("That time is past.")
        groups, targets = self._actions.routes(ids, Role.SNOOZED)
        moved = move_by_account(groups, targets, "")
        again = [id for group in groups if group.folder in targets.values() for id in group.ids]
        if again:  # it waits already: only its time is another one
            self._writer.do(lambda books: books.put_off.keep(_sources(books, again), until), urgent=True)
            self._tell(Changed(frozenset(targets.values()), frozenset(again), own=True))
        if not moved:
            return Operation((), "")
        back = [(id, route.source) for route in moved.routes for id in route.ids]
        operation = Operation(moved.routes, f"Put off {count(len(moved))} until {words}")
        self._actions.do(operation, groups=groups, also=lambda books, id: books.put_off.keep(_raw(books, back), until))
        return operation

    def mute(self, ids: Sequence[MessageId]) -> Operation:
        """Archives their threads out of the inbox, now and whenever something comes; of muted ones, no longer.

        Without messages where none had to move: then it only has its words. NotFound where an account has no Archive.
        """
        if self._windows.muted(ids) >= set(ids):
            self._writer.do(lambda books: books.put_off.unmute(ids), urgent=True)
            return Operation((), "No longer muted: new mail of this thread comes to the inbox")
        threads = [id for one in ids for id in self._windows.kindred.alike(one, "thread")]
        groups, targets = self._actions.routes(threads, Role.ARCHIVE)
        inboxes = {folder.id for folder in self._windows.folders() if folder.role is Role.INBOX}
        moved = move_by_account([group for group in groups if group.folder in inboxes], targets, "")
        if moved:
            operation = worded(moved, "Muted the thread, archived {}")
            self._actions.do(operation, also=lambda books, id: books.put_off.mute(ids, id))
            return operation
        self._writer.do(lambda books: books.put_off.mute(ids, 0), urgent=True)
        return Operation((), "Muted the thread: what comes is archived")

    # --- rules

    def rules(self) -> tuple[Rule, ...]:
        """Those of the file first, then those that were made here; each in its order."""
        names = {rule.name for rule in self._written}
        return (*self._written, *(rule for rule in self._windows.rules() if rule.name not in names))

    def matching(self, rule: Rule) -> Sequence[MessageId]:
        """What it would act on if it ran over all that is here, newest first: changes nothing."""
        return tuple(self._windows.listing(rule.wanted))

    def apply(self, rule: Rule, ids: Sequence[MessageId], *, kind: str = "program") -> Operation:
        """Does to these what the rule says, as one operation, empty where that changes nothing."""
        groups = self._windows.groups(ids)
        routes: dict[MessageId, Route] = {}
        for action in rule.actions:
            for route in self._operation(action, _after(groups, routes)).routes:
                for id in route.ids:
                    routes[id] = _joined(routes.get(id), route, id)
        operation = Operation(_gathered(routes), "")
        if operation:
            operation = Operation(operation.routes, f"Rule “{rule.name}” filed {count(len(operation))}")
            self._actions.do(operation, kind=kind, groups=groups)
        return operation

    def _operation(self, action: str, groups: Sequence[Group]) -> Operation:
        verb, _, name = action.partition(" ")
        if verb in ("read", "star"):
            return mark(groups, "", [SEEN if verb == "read" else FLAGGED])
        targets = {group.folder: self._target(verb, name.strip(), group.folder) for group in groups}
        return move_by_account(groups, targets, "")

    def _target(self, verb: str, name: str, folder: FolderId) -> FolderId:
        """Where the rule sends messages of that folder. Raises NotFound where the account has no such folder."""
        account = self._windows.folder_accounts().get(folder, "")
        if verb == "move":
            found = (one for one in self._windows.folders(account) if one.name.casefold() == name.casefold())
            target = next(found, None)
        else:
            role = {"archive": Role.ARCHIVE, "trash": Role.TRASH, "spam": Role.JUNK}[verb]
            target = self._actions.role(account, role)
        if target is None:
            raise NotFound(f"{account} has no folder {name or verb}.")
        return target.id

    # --- by itself

    def ring(self) -> float | None:
        """Brings back what is due and deals with what has come; when the next is due."""
        self._bring_back()
        self._receive()
        return self._writer.do(lambda books: books.put_off.next_due()).result()

    def _bring_back(self) -> None:
        now = self._clock()
        due = self._writer.do(lambda books: _places(books, books.put_off.due(now))).result()
        if not due:
            return
        waiting = {folder.id for folder in self._windows.folders() if folder.role is Role.SNOOZED}
        groups = [group for group in self._windows.groups([id for id, _ in due]) if group.folder in waiting]
        still = {id for group in groups for id in group.ids}
        routes = tuple(
            Route(tuple(here), group.folder, target, frozenset(), frozenset({SEEN}) & group.flags)
            for target, ids in back_to((id, folder) for id, folder in due if id in still).items()
            for group in groups
            if (here := [id for id in group.ids if id in set(ids)])
        )
        ended = [id for id, _ in due]
        if not routes:  # the person took it elsewhere meanwhile
            self._writer.do(lambda books: books.put_off.forget(ended)).result()
            return
        operation = worded(Operation(routes, ""), "Brought back {}")

        self._index(lambda index: index.surface(operation.ids, now))  # first: a crash behind it does all of it again
        self._actions.do(operation, kind="program", groups=groups, also=lambda books, id: books.put_off.forget(ended))
        row = next((row for row in self._windows.rows(operation.ids[:1]) if row is not None), None)
        subject = (
            f"“{row.subject or 'no subject'}” is" if row and len(operation) == 1 else f"{count(len(operation))} are"
        )
        self._tell(Noticed(f"{subject} back.", row.account if row else ""))

    def _receive(self) -> None:
        """Muted threads and rules, once a message: at its arrival, and for words of its text when that is here."""
        fresh = self._writer.do(lambda books: books.index.fresh()).result()
        if not fresh:
            return
        new = [id for id, (stage, _) in fresh.items() if stage == _HEADS]
        texts = [id for id, (_, is_held) in fresh.items() if is_held or not self._awaits_text]
        self._archive_muted(new)
        rules = [rule for rule in self.rules() if rule.is_on]
        for rule in rules:
            self._run(rule, texts if rule.needs_text else new)
        waiting = [id for id in new if id not in texts] if any(rule.needs_text for rule in rules) else []

        def looked(index: Index) -> None:
            index.keep_fresh((id for id in (*new, *texts) if id not in waiting), 0)
            index.keep_fresh(waiting, _TEXT)

        self._index(looked)

    def _index(self, job: Callable[[Index], None]) -> None:
        """Writes in the index, all of it or nothing."""

        def write(books: Books) -> None:
            with writing(books.index.connection):
                job(books.index)

        self._writer.do(write).result()

    def _archive_muted(self, new: Sequence[MessageId]) -> None:
        muted = list(self._windows.muted(new))
        if muted:
            try:
                groups, targets = self._actions.routes(muted, Role.ARCHIVE)
            except NotFound as error:
                self._tell(Failed(error))
                return
            operation = worded(move_by_account(groups, targets, ""), "Archived {} of a muted thread")
            self._actions.do(operation, kind="program", groups=groups)

    def _run(self, rule: Rule, ids: Sequence[MessageId]) -> None:
        try:
            matched = self._windows.among(rule.wanted, ids)
            if matched:
                self.apply(rule, [id for id in ids if id in matched])
        except MailError as error:
            self._tell(Failed(BadConfig(f"The rule “{rule.name}” did nothing: {error}")))


def _raw(books: Books, messages: Sequence[tuple[MessageId, FolderId]]) -> list[tuple[MessageId, bytes]]:
    names = {folder: books.folders.raw_of(folder) for _, folder in messages}
    return [(id, raw) for id, folder in messages if (raw := names[folder]) is not None]


def _sources(books: Books, ids: Sequence[MessageId]) -> list[tuple[MessageId, bytes]]:
    """Where these go back to, as it was written down; those that somebody else put there go to the inbox."""
    known = books.put_off.sources(ids)
    return [(id, known.get(id, b"INBOX")) for id in ids]


def _places(books: Books, due: Sequence[tuple[MessageId, bytes]]) -> list[tuple[MessageId, FolderId]]:
    """The folders by their ids; where one is gone, the inbox of the account."""
    accounts = books.index.accounts([id for id, _ in due])
    found = []
    for id, raw in due:
        account = accounts.get(id, "")
        folder = books.folders.find(account, raw) or books.folders.find(account, b"INBOX")
        found.append((id, folder or FolderId(0)))
    return found


def _after(groups: Sequence[Group], routes: Mapping[MessageId, Route]) -> list[Group]:
    """Where messages stand once their routes were gone."""
    found: list[Group] = []
    for group in groups:
        stay = tuple(id for id in group.ids if id not in routes)
        if stay:
            found.append(Group(stay, group.folder, group.flags))
        for id in group.ids:
            if (route := routes.get(id)) is not None:
                found.append(Group((id,), route.target, (group.flags | route.added) - route.removed))
    return found


def _joined(before: Route | None, route: Route, id: MessageId) -> Route:
    """One route from where the first began to where the second ends."""
    if before is None:
        return Route((id,), route.source, route.target, route.added, route.removed)
    return Route((id,), before.source, route.target, before.added | route.added, before.removed | route.removed)


def _gathered(routes: Mapping[MessageId, Route]) -> tuple[Route, ...]:
    """Those that are alike as one."""
    alike: dict[tuple[FolderId, FolderId, frozenset[str], frozenset[str]], list[MessageId]] = {}
    for id, route in routes.items():
        alike.setdefault((route.source, route.target, route.added, route.removed), []).append(id)
    return tuple(Route(tuple(ids), *key) for key, ids in alike.items())
