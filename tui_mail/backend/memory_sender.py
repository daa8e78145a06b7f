"""The contract of a sender in its plainest form: letters are put on a list."""

from __future__ import annotations

from tui_mail.model.draft import Outgoing
from tui_mail.model.errors import RecipientsRefused, Uncertain, Unsupported
from tui_mail.model.message import SEEN

from .contract import Tell, Trace
from .memory_mailbox import MemoryMailbox, tell_all


class MemorySender:
    """Implements Sender: what is sent stands in `mailbox.sent`, in the order it was taken."""

    def __init__(self, mailbox: MemoryMailbox, *, files_sent: bool = False, largest: int = 0) -> None:
        """`largest`: octets that a letter may have; 0: any."""
        self._mailbox = mailbox
        self._files_sent = files_sent
        self.largest = largest
        self.refused: dict[str, str] = {}
        """Address → the server's words, for those it will not take."""
        self.later = False
        """The refusals ask to come back later (4xx)."""
        self.uncertain = False
        """The answer to the last dot is lost, although the letter arrived."""
        self.limit: int | None = None

    def send(self, letter: Outgoing, tell: Tell | None = None, trace: Trace | None = None) -> str:
        mailbox = self._mailbox
        drops = mailbox.drops
        mailbox.enter("send", letter.message_id, lambda: mailbox.drops == drops)
        _trace_envelope(letter, trace)
        self.limit = self.largest
        if 0 < self.largest < len(letter.wire):
            raise Unsupported(f"The letter has {len(letter.wire):,} octets; the server takes {self.largest:,}.")
        refused = {address: self.refused[address] for address in letter.recipients if address in self.refused}
        if refused:
            text = f"The server would not take {', '.join(refused)}. Nothing was sent."
            raise RecipientsRefused(text, refused, permanent=not self.later)
        tell_all(tell, len(letter.wire))
        with mailbox.changed:
            mailbox.sent.append(letter)
            if self._files_sent:
                mailbox.add("Sent", letter.copy, {SEEN})
            mailbox.changed.notify_all()
        mailbox.leave("send")
        if self.uncertain or mailbox.drops != drops:
            raise Uncertain("The connection was lost before the server said whether it took the letter.")
        return f"250 2.0.0 kept as {len(mailbox.sent)}"

    def prove(self) -> None:
        self._mailbox.enter("send", "", lambda: True)
        self._mailbox.leave("send")

    def greet(self) -> None:
        self.prove()
        self.limit = self.largest


def _trace_envelope(letter: Outgoing, trace: Trace | None) -> None:
    if trace is not None:
        trace("→", f"MAIL FROM:<{letter.sender}> SIZE={len(letter.wire)}")
        for address in letter.recipients:
            trace("→", f"RCPT TO:<{address}>")
