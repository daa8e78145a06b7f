"""The part of the door for the accounts' servers: they are looked at, logged in to, and given a folder."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Settings
from tui_mail.model.errors import MailError, NotFound
from tui_mail.model.event import Event, Failed
from tui_mail.model.folder import Folder, FolderId, Role
from tui_mail.model.message import MessageId

from .accounts import Accounts
from .desk import Desk
from .probe import alone
from .reader import Reader
from .windows import Windows


class Reaching:
    """What the screens may ask of them; each returns at once."""

    settings: Settings
    read_only: bool
    _accounts: Accounts
    _credentials: Credentials
    _reader: Reader
    _windows: Windows

    def _tell(self, event: Event) -> None:
        raise NotImplementedError

    def refresh(self, folder: FolderId | None = None) -> None:
        """Checks mail now; an account that is offline is tried at once."""
        for session in self._accounts.of(folder):
            if folder is None:
                session.check()
            else:
                session.rounds.refresh(folder)
                session.wake()

    def hold(self, *, is_held: bool) -> None:
        """Whether nothing old is fetched for now: neither the past of folders nor letters that nobody asked for."""
        self._accounts.hold(is_held=is_held)

    @property
    def is_held(self) -> bool:
        return self._accounts.is_held

    def opened(self, folder: FolderId) -> None:
        """The person looks at this folder: it is synced first."""
        for session in self._accounts.of(folder):
            session.opened(folder)

    def welcome(self) -> None:
        """The person is back at the terminal: what no line told meanwhile is asked for."""
        for session in self._accounts.of(None):
            session.welcome()

    def want(self, ids: Sequence[MessageId]) -> None:
        """These are likely to be opened next; nothing is fetched ahead where only headers are to be kept."""
        if self.read_only or self.settings.sync.keep == "headers":
            return
        for account in {row.account for row in self._windows.rows(ids) if row is not None and not row.has_text}:
            self._accounts.session(account).rounds.want(ids)

    def login(self, account: str, password: str, *, remember: bool = False) -> None:
        """Tries again with this password. StorageFailed is told where the keyring would not keep it."""
        try:
            self._credentials.offer(self.settings.accounts[account], Secret(password), remember=remember)
        except MailError as error:
            self._tell(Failed(error, account))
        self._accounts.session(account).login()

    def login_again(self, account: str) -> Future[bool]:
        """Tries again with another password where its command or the keyring gives one by now; False: it has to be
        typed. One that was refused is not tried twice."""

        def job() -> bool:
            if not self._credentials.has_another(self.settings.accounts[account]):
                return False
            self._accounts.session(account).login()
            return True

        return alone(job)

    def make_role(self, account: str, role: Role, name: str) -> Future[Folder]:
        """Makes the folder that is to play this role."""
        return self._reader.then(
            self._accounts.session(account).ask(lambda desk: _make_folder(desk, role, name)), self._made_folder
        )

    def _made_folder(self, id: FolderId) -> Folder:
        folder = self._windows.folder(id)
        if folder is None:
            raise NotFound("The server did not keep the new folder.")
        return folder


def _make_folder(desk: Desk, role: Role, name: str) -> FolderId:
    raw = desk.store.create(name)
    id = desk.write(lambda books: books.made_folder(desk.account.key, raw, name, role))
    desk.again(id)
    return id
