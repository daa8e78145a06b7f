"""Looking for mail from a list: what is typed becomes the view at every key, and Esc goes back to where one was."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from textual import getters, on
from textual.binding import Binding

from tui_mail.model.completion import PEOPLE, Begun, choices
from tui_mail.model.errors import MailError
from tui_mail.model.folder import Folder
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId
from tui_mail.model.operation import count
from tui_mail.model.query import Query, typed
from tui_mail.model.query_parser import Mistake

from ..bridge import answer, asking
from ..widgets.search_bar import SearchBar
from .following import HUGE, Following

REST = 0.5
"""Seconds without a key until servers are asked too."""
FIRST = 200
"""Hits that are shown before the rest of them is known."""


@dataclass(frozen=True, slots=True)
class Left:
    """What was shown, and where the cursor stood, before the search."""

    query: Query
    listing: Listing
    at: MessageId | None


class Searching(Following):
    """For a screen with a MessageList and a SearchBar; the screen shows what `show_found` gets."""

    BINDINGS = [
        Binding("/", "search", "Search", id="search.everything", tooltip="Search all mail as you type"),
        Binding("\\", "filter", "Filter", id="search.filter", tooltip="Narrow this list as you type", show=False),
        Binding("n", "hit(1)", "Next hit", id="search.next", tooltip="On to the next message found", show=False),
        Binding("N", "hit(-1)", "Last hit", id="search.previous", tooltip="Back to the one before", show=False),
        Binding("escape", "end_search", "Back", id="search.end", tooltip="Clear the selection, end the search"),
    ]

    searching = getters.query_one(SearchBar)

    def __init__(self) -> None:
        super().__init__()
        self._scope = Query()
        """What the typed words narrow down."""
        self._left: Left | None = None
        self._mistakes: Sequence[Mistake] = ()
        self.looked_for = Query()
        """What was searched for last, also after the search has ended."""

    @property
    def is_searching(self) -> bool:
        return self._left is not None

    @property
    def known_folders(self) -> tuple[Folder, ...]:
        """Every folder of every account, for what `in:` may name."""
        raise NotImplementedError

    def show_found(self, query: Query, listing: Listing) -> None:
        """Shows what was found, or the folder again."""
        raise NotImplementedError

    def action_search(self) -> None:
        self._open(Query(), "Search all mail")

    def action_filter(self) -> None:
        self._open(self._left.query if self._left else self.query_shown, "Filter")

    def _open(self, scope: Query, words: str) -> None:
        if self._left is None:
            self._left = Left(self.query_shown, self.messages.listing, self.messages.at)
        self._scope = scope
        self.searching.open(words)

    # ---- as one types

    @on(SearchBar.Asked)
    def search_for(self, event: SearchBar.Asked) -> None:
        """What can be meant is looked for, what cannot is shown where it stands."""
        left = self._left
        if left is None:
            return
        asked, mistakes = typed(event.text)
        self._help(mistakes)
        self.looked_for = asked
        if asked.is_plain:
            self.workers.cancel_group(self, "search")
            self.searching.found("")
            self._restore(left)
        else:
            self.look_for(self._scope.also(asked.wanted))

    @asking("search", exclusive=True)
    async def look_for(self, query: Query) -> None:
        """The newest hits at once, all of them next; a newer question ends this one."""
        mail = self.app.mail
        self.found_elsewhere = frozenset()
        found = await answer(mail.search(query, FIRST))
        self.show_found(query, found)
        if len(found) >= FIRST:
            self.searching.found(f"{FIRST}+")
            found = await answer(mail.search(query))
            self.messages.follow(found)
        self.searching.found(count(len(found)))
        self.found_all()
        await asyncio.sleep(REST)
        await self._ask_servers(query)

    async def _ask_servers(self, query: Query) -> None:
        """Where not all is stored here, each server looks too; what it finds joins the list, and it is said whose."""
        mail = self.app.mail
        asked = {} if mail.read_only else await answer(mail.beyond(query))
        if not asked:
            return
        hosts = {account.key: account.place for account in mail.accounts()}
        here = count(len(self.messages.listing))
        self.searching.found(f"{here}, asking {', '.join(hosts[account] for account in asked)} …")
        said = []
        for account, future in [(account, mail.find(account, where)) for account, where in asked.items()]:
            before = len(self.messages.listing)
            try:
                ids = await answer(future)
            except MailError as error:
                said.append(f"not {hosts[account]}")
                self.hint([(hosts[account], str(error))])
                continue
            self.found_elsewhere |= frozenset(ids)
            self.messages.follow(await answer(mail.joined(query, self.found_elsewhere)))
            said.append(f"{len(self.messages.listing) - before:,} from {hosts[account]}")
        self.searching.found(", ".join([count(len(self.messages.listing)), *said]))
        self.found_all()

    def found_all(self) -> None:
        """Called when every hit that is stored here is in the list."""

    def _help(self, mistakes: Sequence[Mistake]) -> None:
        """How the word at the cursor may go on, else what is wrong; a word that can still become right is not."""
        word = self.searching.word
        found = choices(word, self._names()) if word is not None else []
        self._mistakes = [one for one in mistakes if not (found and word and one.start <= word.start <= one.end)]
        self.searching.mistaken(self._mistakes)
        self._offer(word, found)
        if word is not None and word.key in PEOPLE and word.value:
            self.offer_people(word)

    def _offer(self, word: Begun | None, found: Sequence[str]) -> None:
        self.searching.offer(word, found)
        if self._mistakes:
            self.hint([("?", self._mistakes[0].words)])  # a whole sentence, which has no room beside what is typed
        else:
            self.hint([("Tab", "   ".join(found))] if found else [])

    def _names(self) -> dict[str, list[str]]:
        """What `in:` and `account:` may name."""
        names = {name for one in self.known_folders for name in (one.name, one.role.value if one.role else one.leaf)}
        return {
            "in": sorted(names | {"anywhere"}, key=str.casefold),
            "account": [account.key for account in self.app.mail.accounts()],
        }

    @asking("people", exclusive=True)
    async def offer_people(self, word: Begun) -> None:
        people = await answer(self.app.mail.people(word.value))
        if self.searching.word == word:
            self._offer(word, choices(word, {}, people))

    # ---- among what was found

    @on(SearchBar.Entered)
    def to_the_list(self) -> None:
        if not self._mistakes:
            self.hint([])
        self.messages.focus()

    @asking("hit", exclusive=True)
    async def action_hit(self, step: int) -> None:
        """To the next message that was looked for: the next one of the search, else the next such one of this list."""
        if self.is_searching:
            self.messages.action_move(step)
            return
        shown = self.messages.listing
        there = await answer(self.app.mail.search(self.query_shown.also(self.looked_for.wanted)))
        wanted, row = there.everything, self.messages.cursor
        ahead = range(row + 1, len(shown)) if step > 0 else range(row - 1, -1, -1)
        target = next((index for index in ahead if shown[index] in wanted), None)
        if target is None:
            self.app.said(f"No {'further' if step > 0 else 'earlier'} hit here.")
        else:
            self.messages.cursor = target

    # ---- the end

    @on(SearchBar.Closed)
    def action_end_search(self) -> None:
        left = self._left
        if left is None:
            return
        self.end_search()
        self._restore(left)
        if left.at is not None:
            self.messages.point(left.at)
        self.messages.focus()

    def _restore(self, left: Left) -> None:
        """Shows again what was there before; it may have changed meanwhile."""
        if left.query.is_plain and len(left.listing) < HUGE:
            self.show_found(left.query, self.app.mail.listing(left.query))
        else:
            self.show_found(left.query, left.listing)
            self.follow_soon()

    def end_search(self) -> None:
        """Forgets the search without showing anything."""
        self._left = None
        self.found_elsewhere = frozenset()
        self.workers.cancel_group(self, "search")
        self.searching.close()
        self.hint([])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "end_search" and not self.is_searching:
            return False
        if action == "hit" and self.looked_for.is_plain:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        return "nothing was searched for yet" if action == "hit" else super().reason(action)
