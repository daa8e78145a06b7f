"""Views that stand in no one folder: all inboxes, saved searches on the keys 1 to 9, and the tabs over the inbox."""

from __future__ import annotations

from collections.abc import Mapping

from textual import getters, on
from textual.binding import Binding
from textual.timer import Timer

from tui_mail.model.condition import ANYTHING, Age, Condition, In, Of, State, Waiting, both, negated
from tui_mail.model.event import Changed, Event, FoldersChanged
from tui_mail.model.folder import Folder, Role
from tui_mail.model.message import MessageId
from tui_mail.model.query import Query

from ..bridge import MailScreen, answer, asking
from ..keys import unbound
from ..widgets.folder_tree import NUMBERED, PILES, Pile, Place, Saved
from ..widgets.message_list import MessageList
from ..widgets.tab_line import Tab, TabLine
from .name_dialog import NameDialog

SOON, LATER = 0.05, 1.0
"""Seconds until views are counted again after the person did something, and after anything else."""
ALL = "All"
KINDS: Mapping[str, Condition] = {
    ALL: ANYTHING,
    "People": State("person"),
    "Lists": State("list"),
    "Notifications": State("notification"),
}
"""The tabs that are always there where the inbox is split."""
LONG_AGO = Age("newer", 2, "m")
"""Nobody waits longer for an answer; what does can be searched for."""
PILED: Mapping[Pile, Condition] = {"later": State("later"), "waiting": both(Waiting(), LONG_AGO)}


class Viewing(MailScreen):
    """For a screen with a MessageList and a TabLine; the screen shows what `open_place` gets."""

    BINDINGS = [
        Binding("g u", "go_view('inboxes')", "All inboxes", id="go.inboxes", tooltip="Every inbox in one", show=False),
        *(
            Binding(
                str(number),
                f"view({number})",
                f"View {number}",
                id=f"go.view-{number}",
                tooltip=f"The {number}. saved search",
                show=False,
            )
            for number in range(1, NUMBERED + 1)
        ),
        *(
            Binding(
                unbound(f"go.{pile}"),
                f"go_view('{pile}')",
                "Waiting for an answer" if pile == "waiting" else words,
                id=f"go.{pile}",
                tooltip="Sent, and nothing came back for three days" if pile == "waiting" else "What is to be answered",
            )
            for pile, words in PILES.items()
        ),
        Binding(">", "tab(1)", "Next tab", id="view.next-tab", tooltip="To the next tab of the inbox", show=False),
        Binding("<", "tab(-1)", "Last tab", id="view.previous-tab", tooltip="To the tab before", show=False),
        Binding(
            unbound("view.split"),
            "split",
            "Split the inbox",
            id="view.split",
            tooltip="Tabs for people, lists, programs",
        ),
        Binding(
            unbound("search.keep"), "keep_view", "Keep as a view", id="search.keep", tooltip="This search as a folder"
        ),
        Binding(
            unbound("search.drop"), "drop_view", "Remove this view", id="search.drop", tooltip="Its mail stays as it is"
        ),
    ]

    messages = getters.query_one("#list", MessageList)
    tab_line = getters.query_one(TabLine)
    query_shown: Query
    place: Place | None

    def __init__(self) -> None:
        super().__init__()
        self.tab = ALL
        self.is_split = False
        self._tallies: dict[Place | str, int] = {}
        """How much is unread in each view, and in each tab by its name; how much is to be answered later."""
        self._counting: Timer | None = None

    @property
    def known_folders(self) -> tuple[Folder, ...]:
        """Every folder of every account."""
        raise NotImplementedError

    def open_place(self, place: Place, at: MessageId | None = None) -> None:
        """Shows it in the list."""
        raise NotImplementedError

    def tallied(self) -> None:
        """Called when the counts of views are known anew."""
        raise NotImplementedError

    def on_mount(self) -> None:
        kept = self.app.state.get("split_inbox", "")
        self.is_split = self.app.settings.ui.split_inbox if not kept else kept == "on"
        self.count_soon()

    # ---- what there is

    @property
    def views(self) -> dict[str, Query]:
        return self.app.mail.views.all()

    @property
    def inboxes(self) -> Query | None:
        """All inboxes as one view; None where there are not several that belong to it."""
        accounts = self.app.mail.accounts()
        out = [account.key for account in accounts if not account.unified]
        if len(accounts) - len(out) < 2:
            return None
        return Query(wanted=both(In(Role.INBOX.value), *(negated(Of(key)) for key in out)))

    @property
    def tabs(self) -> dict[str, Condition]:
        """By name, what each asks of a message of the inbox."""
        own = {view.key: Query.parse(view.query).wanted for view in self.app.settings.views.values() if view.tab}
        return {**KINDS, **own}

    def query_of(self, place: Place) -> Query:
        """What a place shows, the tab that is chosen included."""
        match place:
            case "starred":
                return Query(wanted=State("starred"))
            case "later" | "waiting":
                return Query(wanted=PILED[place])
            case Saved(name):
                return self.views.get(name, Query())
            case _ if self.has_tabs(place):
                return self._inbox(place).also(self.tabs.get(self.tab, ANYTHING))
            case _:
                return self._inbox(place)

    def _inbox(self, place: Place) -> Query:
        """A folder, or all inboxes, without a tab."""
        if isinstance(place, int):
            return Query(place)
        return self.inboxes or Query(wanted=In(Role.INBOX.value))

    def has_tabs(self, place: Place | None) -> bool:
        if not self.is_split:
            return False
        return place == "inboxes" or any(one.id == place for one in self.known_folders if one.role is Role.INBOX)

    def unread_of(self, place: Place) -> int:
        return self._tallies.get(place, 0)

    # ---- how much is unread there

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, Changed | FoldersChanged):
            self.count_soon(SOON if isinstance(event, Changed) and event.own else LATER)

    def count_soon(self, seconds: float = SOON) -> None:
        """Once, however many events come until then."""
        if self._counting is None:
            self._counting = self.set_timer(seconds, self.count_views)

    @asking("tally")
    async def count_views(self) -> None:
        self._counting = None
        asked: dict[Place | str, Query] = {Saved(name): query for name, query in self.views.items()}
        if (inboxes := self.inboxes) is not None:
            asked["inboxes"] = inboxes
        if self.place is not None and self.has_tabs(self.place):
            inbox = self._inbox(self.place)
            asked |= {f"tab {name}": inbox.also(wanted) for name, wanted in self.tabs.items()}
        queries = {place: query.also(State("unread")) for place, query in asked.items()}
        queries["later"] = Query(wanted=PILED["later"])
        counts = await answer(self.app.mail.tally(list(queries.values())))
        self._tallies = dict(zip(queries, counts, strict=True))
        if self.is_attached and self.app.is_running:  # else its widgets are just being taken down
            self.show_tabs()
            self.tallied()

    # ---- tabs

    def show_tabs(self) -> None:
        """The line over the list, or none."""
        names = self.tabs if self.has_tabs(self.place) else ()
        self.tab_line.tabs = [Tab(name, self._tallies.get(f"tab {name}", 0)) for name in names]
        self.tab_line.at = self.tab

    def action_tab(self, step: int) -> None:
        names = list(self.tabs)
        here = names.index(self.tab) if self.tab in names else 0
        self.choose_tab(TabLine.Chosen(names[(here + step) % len(names)]))

    @on(TabLine.Chosen)
    def choose_tab(self, event: TabLine.Chosen) -> None:
        self.tab = event.name
        if self.place is not None:
            self.open_place(self.place)

    def action_split(self) -> None:
        """Tabs over the inbox, or none."""
        self.is_split = not self.is_split
        self.tab = ALL
        self.app.state_later("split_inbox", "on" if self.is_split else "off")
        if self.place is not None:
            self.open_place(self.place)
        self.count_soon()
        self.app.said("The inbox is split into tabs." if self.is_split else "The inbox is one list again.")

    # ---- views

    def action_go_view(self, name: Place) -> None:
        self.open_place(name)
        self.messages.focus()

    def action_view(self, number: int) -> None:
        names = list(self.views)
        if number <= len(names):
            self.action_go_view(Saved(names[number - 1]))

    @asking("keep-view", exclusive=True)
    async def action_keep_view(self) -> None:
        """What is searched for now becomes a folder with a name."""
        query = self.query_shown
        text = "It shows what is found now, and what will be found later."
        name = await self.app.push_screen_wait(NameDialog("Keep this search as a view", text, "", "Keep it"))
        if name:
            self.app.mail.views.keep(name, query.at(None))
            self.app.said(f"“{name}” stands among the folders.")
            self.open_place(Saved(name))
            self.count_soon()

    def action_drop_view(self) -> None:
        if isinstance(self.place, Saved):
            name = self.place.name
            self.app.mail.views.drop(name)
            self.app.said(f"The view “{name}” is gone; its mail is where it was.")
            self.open_place(self.known_folders[0].id)
            self.count_soon()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.is_mounted:
            return super().check_action(action, parameters)
        match action:
            case "view":
                return True if int(str(parameters[0])) <= len(self.views) else None
            case "go_view":
                return True if parameters[0] in PILES or self.inboxes is not None else None
            case "tab":
                return True if self.has_tabs(self.place) else None
            case "keep_view":
                return True if self.query_shown.folder is None and not self.query_shown.is_plain else None
            case "drop_view":
                is_made = isinstance(self.place, Saved) and self.app.mail.views.is_made(self.place.name)
                return True if is_made else None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        why = {
            "view": "there are not so many saved searches",
            "go_view": "there is only one inbox",
            "tab": "the inbox is not split",
            "keep_view": "search everything first",
            "drop_view": "no view that was made here is shown",
        }
        return why.get(action) or super().reason(action)
