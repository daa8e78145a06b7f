"""The servers of the sweeps: the demo server in each of its moods, and real ones, each with a way in for others."""

from __future__ import annotations

import imaplib
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from tests.private_dovecot import Dovecot
from tests.private_postfix import Postfix
from tests.servers import demo_account
from tests.sink import DROP, Sink
from tests.sweeps.other import Fate, Other
from tests.sweeps.real import DOVECOTS, OTHERS, Real, begin
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Server
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.quirks import BASIC, CONDSTORE, FULL, GMAIL, MODERN, PLAIN
from tui_mail.demo.server import Server as Demo

SETS = {"plain": PLAIN, "basic": BASIC, "condstore": CONDSTORE, "full": FULL, "modern": MODERN, "gmail": GMAIL}
QUIRKS: dict[str, tuple[str, frozenset[str]]] = {
    "no-uidplus": ("no_uidplus", FULL),
    "permuted": ("permuted_copyuid", FULL),
    "messagelimit": ("messagelimit=3", FULL),
    "messagelimit-plain": ("messagelimit=3", PLAIN),
    "uidnext-high": ("uidnext_high", CONDSTORE),
    "uidnext-low": ("uidnext_low", BASIC),
    "no-uidnext": ("no_uidnext", BASIC),
    "no-uidnext-condstore": ("no_uidnext", CONDSTORE),
    "flicker": ("exists_flicker", CONDSTORE),
    "move-bad": ("move_says_bad", FULL),
    "literals": ("literal_everything", FULL),
    "unsolicited": ("unsolicited_flags", FULL),
    "no-keywords": ("no_keywords", FULL),
    "eof-in-idle": ("eof_in_idle", FULL),
    "refuse-idle": ("refuse_idle", BASIC),
    "one-connection": ("connection_limit=1", FULL),
    "xlist": ("xlist", BASIC),
    "require-id": ("require_id", BASIC),
    "split": ("split_writes", FULL),
    "no-compress": ("refuse_compress", MODERN),
    "false-compress": ("false_compress", MODERN),
    "no-notify": ("refuse_notify", MODERN),
    "deaf-notify": ("deaf_notify", MODERN),
    "notify-overflows": ("notify_overflows", MODERN),
    "no-ids": ("refuse_ids", MODERN),
    "one-thread": ("one_thread", MODERN),
    "still-modseq": ("still_modseq", MODERN),
    "silent-vanish": ("silent_vanish", MODERN),
    "false-vanish": ("false_vanish", MODERN),
    "no-esearch": ("refuse_esearch", MODERN),
    "empty-search": ("empty_search", MODERN),
    "empty-search-plain": ("empty_search", PLAIN),
    "no-list-status": ("refuse_list_status", MODERN),
    "strict-uids": ("strict_uids", PLAIN),
    "empty-first": ("empty_first=9", BASIC),
    "empty-first-modern": ("empty_first=9", MODERN),
    "slow": ("slow=0.03", FULL),
    "slow-plain": ("slow=0.03", PLAIN),
}
MAILDIRS = ("maildir",)
"""Our program on the files of a Dovecot, through which the other client comes in: two programs in one Maildir."""
URLS = ("imap:", "imaps:")
"""Any server on this machine: `imap://user:password@localhost:10143`. Its mailbox is emptied."""
NAMES = (*SETS, *QUIRKS, *DOVECOTS, *OTHERS, *MAILDIRS)
_USUAL = ("Archive", "Drafts", "Junk", "Sent", "Trash")


class Place:
    """A mailbox somewhere: how we come in, how others come in, and what can be done to the line."""

    def __init__(
        self,
        name: str,
        account: Account,
        secret: Secret,
        other: Callable[[], imaplib.IMAP4],
        *,
        cut: Callable[[], None] = lambda: None,
        renumber: Callable[[str], None] | None = None,
        commands: Callable[[], list[str]] = list,
        forget: Callable[[], None] = lambda: None,
        received: Callable[[], list[bytes]] = list,
        refuse: Callable[[str, str], None] = lambda pattern, reply: None,
        lose: Callable[[], None] = lambda: None,
        spelled: Callable[[bytes], bytes] = bytes,
    ) -> None:
        self.name = name
        self.account = account
        self.secret = secret
        self.other = other
        self.cut = cut
        """Ends our connections, where the server can be asked to."""
        self.renumber = renumber
        self.commands = commands
        """What we said to it since `forget`."""
        self.forget = forget
        self.received = received
        """The letters that its SMTP took."""
        self.refuse = refuse
        """Answers the next such command of SMTP so."""
        self.lose = lose
        """Loses the answer to the next letter that it takes."""
        self.spelled = spelled
        """What the other client calls a folder of ours."""

    @property
    def moves_whole(self) -> bool:
        """Two programs that move the same letter at once make no second one.

        In real servers they do, whoever they are: two of the standard library's clients that race for 60 letters leave
        73 in a Dovecot and 108 in a Cyrus.
        """
        return self.name not in (
            "plain",
            "empty-search-plain",
            "messagelimit-plain",
            "slow-plain",
            "move-bad",
            "strict-uids",
            *DOVECOTS,
            *OTHERS,
            *MAILDIRS,
        ) and not self.name.startswith(URLS)

    @property
    def keeps_keywords(self) -> bool:
        return self.name not in ("no-keywords", "imap4d", *MAILDIRS)


@contextmanager
def demo(name: str, capabilities: Iterable[str], quirks: Iterable[str] = ()) -> Iterator[Place]:
    """The other client comes in by a door of its own: a second server over the same mailbox, with nothing odd."""
    mailbox = Mailbox()
    server = Demo(mailbox, capabilities=capabilities, quirks=quirks).start()
    door = Demo(mailbox, capabilities=FULL).start()

    def other() -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", door.imap_port, timeout=10)
        client.login("demo@example.org", "demo")
        return client

    try:
        yield Place(
            *(name, demo_account(server, key="work"), Secret("demo"), other),
            cut=server.drop,
            renumber=mailbox.renumber,
            commands=lambda: list(server.log),
            forget=server.log.clear,
            received=lambda: [envelope.data for envelope in server.sent],
            refuse=server.refuse,
            lose=lambda: server.cut(r"\.$"),
        )
    finally:
        server.stop()
        door.stop()


def _maildir(name: str, dovecot: Dovecot) -> Place:
    server = dovecot.account()
    client = dovecot.other_client(server)
    for folder in _USUAL:
        client.create(folder)
    client.select()  # makes the inbox
    client.logout()
    account = Account("work", server.address, maildir=dovecot.maildir(server))
    return Place(
        *(name, account, dovecot.secret(), lambda: dovecot.other_client(server)),
        spelled=lambda raw: raw.replace(b".", b"/"),
    )


@contextmanager
def posted(postfix: Postfix) -> Iterator[Place]:
    """The demo server's mailbox, and letters that go out through a Postfix."""
    with demo("postfix", FULL) as there:
        earlier = len(postfix.received())
        smtp = replace(there.account.smtp, port=postfix.port)
        yield Place(
            *("postfix", replace(there.account, smtp=smtp), there.secret, there.other),
            received=lambda: postfix.received()[earlier:],
        )


@contextmanager
def _elsewhere(url: str) -> Iterator[Place]:
    """A server that somebody else started here. Raises ValueError for one that is not here: it is emptied first."""
    parts = urlsplit(url)
    host, user, word = parts.hostname or "", unquote(parts.username or ""), unquote(parts.password or "")
    if host not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError(f"{host} is not this machine, and a sweep empties the mailbox")
    is_secure = parts.scheme == "imaps"
    imap = Server(host, parts.port or (993 if is_secure else 143), "tls" if is_secure else "none")
    sink = Sink()

    def other() -> imaplib.IMAP4:
        kind = imaplib.IMAP4_SSL if is_secure else imaplib.IMAP4
        client = kind(host, imap.port, timeout=10)
        client.login(user, word)
        return client

    try:
        Other(other(), random.Random(0), Fate()).clear(_USUAL)
        account = Account("work", "ann@example.org", imap, Server("localhost", sink.port, "none"), user=user)
        yield Place(
            *(url, account, Secret(word), other),
            received=lambda: [taken.data for taken in sink.taken],
            refuse=sink.once,
            lose=lambda: sink.once("LETTER", DROP),
        )
    finally:
        sink.close()


@contextmanager
def open_place(name: str, begun: dict[str, Real]) -> Iterator[Place]:
    """By name; real servers are started once and kept in `begun`."""
    if name in SETS:
        # who is known for filing what was sent by itself is taken at its word, so it has to
        with demo(name, SETS[name], ["saves_sent"] if name == "gmail" else ()) as place:
            yield place
    elif name in QUIRKS:
        quirk, capabilities = QUIRKS[name]
        with demo(name, capabilities, [quirk]) as place:
            yield place
    elif name.startswith(URLS):
        with _elsewhere(name) as place:
            yield place
    elif name in MAILDIRS:
        dovecot = begun.get(name) or begun.setdefault(name, Dovecot())
        assert isinstance(dovecot, Dovecot)
        yield _maildir(name, dovecot)
    else:
        real = begun.get(name) or begun.setdefault(name, begin(name))
        account = real.account()
        sink, earlier = real.sink, len(real.sink.taken)
        yield Place(
            *(name, account, real.secret(), lambda: real.other_client(account)),
            received=lambda: [taken.data for taken in sink.taken[earlier:]],
            refuse=sink.once,
            lose=lambda: sink.once("LETTER", DROP),
        )
