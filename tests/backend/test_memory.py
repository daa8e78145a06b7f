"""The memory store's own doors: the gate, refusals, lost connections and hooks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tui_mail.backend.contract import Capabilities, Known
from tui_mail.backend.memory import FULL, PLAIN, MemoryMailbox, MemoryStore
from tui_mail.backend.memory_sender import MemorySender
from tui_mail.model.draft import Outgoing
from tui_mail.model.errors import NotFound, Offline, RecipientsRefused, Refused, Uncertain, Unsupported

LETTER = Outgoing("<1@x>", "ann@example.org", ("bob@example.org",), b"A: b\r\n\r\nc\r\n", b"A: b\r\n\r\nc\r\n", "b")


def opened(mailbox: MemoryMailbox, capabilities: Capabilities = FULL) -> MemoryStore:
    store = MemoryStore(mailbox, capabilities)
    store.connect()
    store.open(b"INBOX")
    return store


def test_a_held_verb_stands_still_until_the_network_moves_again() -> None:
    mailbox = MemoryMailbox()
    mailbox.add("INBOX", b"Subject: x\r\n\r\n")
    store = opened(mailbox)
    mailbox.hold()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(store.uids)
        assert mailbox.heard("uids")
        assert not asked.done()
        mailbox.release()
        assert asked.result(timeout=20) == {1}


@pytest.mark.parametrize("end", ["close", "drop"])
def test_closing_frees_whoever_stands_at_the_gate(end: str) -> None:
    mailbox = MemoryMailbox()
    store = opened(mailbox)
    mailbox.hold()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(store.uids)
        assert mailbox.heard("uids")
        getattr(store if end == "close" else mailbox, end)()
        assert isinstance(asked.exception(timeout=20), Offline)


def test_closing_frees_whoever_waits_for_news() -> None:
    mailbox = MemoryMailbox()
    store = opened(mailbox)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(store.wait, 60)
        assert mailbox.heard("wait")
        store.close()
        assert isinstance(asked.exception(timeout=20), Offline)


def test_a_connection_being_made_can_be_given_up() -> None:
    mailbox = MemoryMailbox()
    store = MemoryStore(mailbox)
    mailbox.hold()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(store.connect)
        assert mailbox.heard("connect")
        store.close()
        assert isinstance(asked.exception(timeout=20), Offline)


def test_a_refusal_changes_nothing_and_is_over_afterwards() -> None:
    mailbox = MemoryMailbox()
    uid = mailbox.add("INBOX", b"Subject: x\r\n\r\n")
    store = opened(mailbox)
    mailbox.refuse("move", Refused("Over quota."))
    with pytest.raises(Refused):
        store.move([uid], b"Archive")
    assert len(mailbox.messages("INBOX")) == 1
    assert store.move([uid], b"Archive").pairs == ((uid, 1),)


def test_a_lost_connection_stays_lost_until_it_is_made_anew() -> None:
    mailbox = MemoryMailbox()
    store = opened(mailbox)
    mailbox.drop()
    for _ in range(2):
        with pytest.raises(Offline):
            store.noop()
    store.connect()
    with pytest.raises(NotFound):
        store.uids()
    assert store.open(b"INBOX").exists == 0


def test_a_move_can_be_done_although_its_answer_is_lost() -> None:
    mailbox = MemoryMailbox()
    uid = mailbox.add("INBOX", b"Subject: x\r\n\r\n")
    store = opened(mailbox)
    mailbox.after("move", mailbox.drop)
    with pytest.raises(Offline):
        store.move([uid], b"Archive")
    assert [kept.uid for kept in mailbox.messages("Archive")] == [1]


def test_another_client_can_step_in_between_two_verbs() -> None:
    mailbox = MemoryMailbox()
    store = opened(mailbox)
    mailbox.after("uids", lambda: mailbox.add("INBOX", b"Subject: new\r\n\r\n"))
    assert store.uids() == set()
    assert store.wait(0)
    assert store.uids() == {1}


def test_unplugged_means_that_nothing_can_be_reached() -> None:
    mailbox = MemoryMailbox()
    store = opened(mailbox)
    mailbox.unplug()
    with pytest.raises(Offline):
        store.uids()
    with pytest.raises(Offline):
        store.connect()
    with pytest.raises(Offline):
        MemorySender(mailbox).send(LETTER)
    mailbox.plug()
    store.connect()


def test_a_rebuilt_folder_ends_the_connection_and_has_a_new_validity() -> None:
    mailbox = MemoryMailbox()
    mailbox.add("INBOX", b"Subject: x\r\n\r\n")
    store = opened(mailbox)
    before = store.open(b"INBOX")
    mailbox.renew("INBOX")
    with pytest.raises(Offline):
        store.uids()
    store.connect()
    after = store.open(b"INBOX", Known(before.uidvalidity, 2, before.modseq or 0))
    assert after.uidvalidity != before.uidvalidity
    assert after.exists == 1


def test_resynchronising_says_what_changed_and_what_is_gone() -> None:
    mailbox = MemoryMailbox()
    for _ in range(3):
        mailbox.add("INBOX", b"Subject: x\r\n\r\n")
    store = opened(mailbox, Capabilities(condstore=True, qresync=True))
    before = store.open(b"INBOX")
    mailbox.flag("INBOX", 2, {"\\Flagged"})
    mailbox.remove("INBOX", 3)
    after = store.open(b"INBOX", Known(before.uidvalidity, 4, before.modseq or 0))
    assert (after.resynced, after.vanished, after.changed) == (True, (3,), ((2, frozenset({"\\Flagged"})),))


def test_the_poorest_server_moves_by_marking_the_old_copy() -> None:
    mailbox = MemoryMailbox()
    uid = mailbox.add("INBOX", b"Subject: x\r\n\r\n")
    store = opened(mailbox, PLAIN)
    assert store.move([uid], b"Archive").pairs == ()
    assert store.flags(1) == {uid: frozenset({"\\Deleted"})}
    assert len(mailbox.messages("Archive")) == 1
    assert store.append(b"Sent", b"Subject: y\r\n\r\n") is None
    with pytest.raises(Unsupported):
        store.changed_since(1, 1)


def test_a_full_mailbox_says_so() -> None:
    mailbox = MemoryMailbox(quota=20)
    store = opened(mailbox)
    with pytest.raises(Refused) as caught:
        store.append(b"Sent", b"Subject: a long one\r\n\r\n")
    assert caught.value.code == "OVERQUOTA"


def test_a_sent_letter_is_on_the_list_once() -> None:
    mailbox = MemoryMailbox()
    told: list[tuple[int, int]] = []
    MemorySender(mailbox, files_sent=True).send(LETTER, lambda done, size: told.append((done, size)))
    assert mailbox.sent == [LETTER]
    assert told[-1] == (len(LETTER.wire), len(LETTER.wire))
    assert [kept.raw for kept in mailbox.messages("Sent")] == [LETTER.copy]


def test_a_refused_recipient_means_that_nothing_was_sent() -> None:
    mailbox = MemoryMailbox()
    sender = MemorySender(mailbox)
    sender.refused = {"bob@example.org": "550 no such user"}
    with pytest.raises(RecipientsRefused) as caught:
        sender.send(LETTER)
    assert caught.value.refused == sender.refused
    assert mailbox.sent == []


def test_a_lost_answer_after_the_last_dot_is_uncertain() -> None:
    mailbox = MemoryMailbox()
    sender = MemorySender(mailbox)
    mailbox.after("send", mailbox.drop)
    with pytest.raises(Uncertain):
        sender.send(LETTER)
    assert mailbox.sent == [LETTER]
    sender.uncertain = True
    with pytest.raises(Uncertain):
        sender.send(LETTER)


def test_a_sender_at_the_gate_gives_up_when_the_line_is_cut() -> None:
    mailbox = MemoryMailbox()
    mailbox.hold()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(MemorySender(mailbox).send, LETTER)
        assert mailbox.heard("send")
        mailbox.drop()
        assert isinstance(asked.exception(timeout=20), Offline)
    assert mailbox.sent == []
