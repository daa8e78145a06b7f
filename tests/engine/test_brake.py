"""More than a few messages gone at once: they stay, the person is shown them, asked once, and the answer holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.world import SETTINGS, Machine, fill, folder, ids, letter, machine, on_server, subjects
from tui_mail.backend.contract import Capabilities
from tui_mail.backend.memory import FULL, PLAIN
from tui_mail.config.settings import Sync
from tui_mail.engine import health
from tui_mail.engine.mail import Mail
from tui_mail.engine.withheld import is_too_much
from tui_mail.mime.parse import parse
from tui_mail.model.event import HeldBack, Noticed
from tui_mail.model.folder import Gap, Role
from tui_mail.model.query import Query

QRESYNC = Capabilities(move=True, uidplus=True, condstore=True, qresync=True, idle=True)
LADDER = pytest.mark.parametrize("can", [PLAIN, FULL, QRESYNC], ids=["plain", "condstore", "qresync"])


def looked(mail: Mail, times: int = 1) -> None:
    for _ in range(times):
        mail.refresh()
        assert mail.settled()


def emptied(here: Machine, count: int, of: int) -> Mail:
    """A running program whose server lost the oldest `count` of `of` messages."""
    uids = fill(here.box, of)
    mail = here.start()
    if here.settings.sync.keep == "all":
        for id in ids(mail):
            mail.raw(id).result(timeout=20)
    here.box.remove("INBOX", *uids[:count])
    looked(mail)
    return mail


def gap(mail: Mail) -> Gap:
    (one,) = mail.brake.gaps()
    return one


@pytest.mark.parametrize(
    ("gone", "whole", "asks"),
    [(20, 20, False), (21, 21, True), (21, 419, True), (21, 420, False), (500, 10_000, False), (501, 10_000, True)],
)
def test_the_brake_is_for_more_than_twenty_and_more_than_one_in_twenty(gone: int, whole: int, asks: bool) -> None:
    assert is_too_much(gone, whole) is asks


@LADDER
def test_a_mass_that_is_gone_from_the_server_stays_here_and_is_asked_about_once(
    here: Machine, can: Capabilities
) -> None:
    here.can = can
    mail = emptied(here, 30, 60)
    here.box.add("INBOX", letter("news", 1000))
    looked(mail, 3)
    assert len(ids(mail)) == 61 and subjects(mail)[0] == "news"
    assert [(event.name, event.count) for event in here.ears.of(HeldBack)] == [("Inbox", 30)]
    one = gap(mail)
    assert (one.count, one.whole, one.is_open) == (30, 61, True)
    assert set(mail.brake.listing(one.folder)) == set(ids(mail)[31:])


@LADDER
def test_the_answer_remove_takes_exactly_these_away(here: Machine, can: Capabilities) -> None:
    here.can = can
    mail = emptied(here, 30, 60)
    mail.brake.follow(gap(mail))
    looked(mail)
    assert len(ids(mail)) == 30 == folder(mail, Role.INBOX).total
    assert mail.brake.gaps() == ()


@LADDER
def test_the_answer_keep_holds_over_a_new_start_and_for_what_else_goes(here: Machine, can: Capabilities) -> None:
    here.can = can
    mail = emptied(here, 30, 60)
    mail.brake.keep(gap(mail))
    looked(mail)
    here.close()
    here.box.remove("INBOX", here.box.messages("INBOX")[-1].uid)
    mail = here.start()
    looked(mail, 2)
    assert len(ids(mail)) == 59 and not here.ears.of(HeldBack)
    assert not gap(mail).is_open
    mail.brake.follow(gap(mail))
    looked(mail)
    assert len(ids(mail)) == 29


def test_what_nobody_decided_is_not_asked_again_at_the_next_start(here: Machine) -> None:
    emptied(here, 30, 60)
    here.close()
    mail = here.start()
    looked(mail, 2)
    assert gap(mail).is_open and len(ids(mail)) == 60 and not here.ears.of(HeldBack)


@LADDER
def test_mail_that_the_server_shows_again_is_as_it_was(here: Machine, can: Capabilities) -> None:
    here.can = can
    uids = fill(here.box, 60)
    mail = here.start()
    before = ids(mail)
    kept = {uid: here.box.folder("INBOX").messages[uid] for uid in uids[:40]}
    here.box.remove("INBOX", *kept)
    looked(mail, 2)
    assert gap(mail).count == 40
    inbox = here.box.folder("INBOX")
    inbox.messages.update(kept)
    inbox.messages = dict(sorted(inbox.messages.items()))
    looked(mail, 2)
    assert ids(mail) == before and mail.brake.gaps() == ()


def test_a_mass_that_another_program_moved_to_another_folder_is_followed_without_a_word(here: Machine) -> None:
    uids = fill(here.box, 60)
    mail = here.start()
    for uid in uids[:50]:
        here.box.move("INBOX", uid, "Archive")
    looked(mail)
    assert len(ids(mail)) == 10 and len(ids(mail, Role.ARCHIVE)) == 50
    assert not here.ears.of(HeldBack) and mail.brake.gaps() == ()


def test_other_folders_go_on_while_one_is_held_back(here: Machine) -> None:
    uid = here.box.add("Archive", letter("old"))
    mail = emptied(here, 40, 60)
    here.box.remove("Archive", uid)
    here.box.add("Archive", letter("new", 5))
    looked(mail)
    assert subjects(mail, Role.ARCHIVE) == ["new"] and gap(mail).name == "Inbox"


def test_what_only_this_machine_has_cannot_be_moved_on_the_server_and_a_star_stays(here: Machine) -> None:
    mail = emptied(here, 30, 60)
    mail.brake.keep(gap(mail))
    looked(mail)
    ghost = ids(mail)[-1]
    mail.star([ghost])
    assert mail.settled() and mail.owed().actions == 0
    mail.archive([ghost])
    assert mail.settled()
    assert ids(mail)[-1] == ghost and "only kept here" in here.failures()[-1]
    assert not on_server(here.box, "Archive")


@LADDER
@pytest.mark.parametrize("count", [1, 3, 60])
def test_a_folder_that_shows_itself_empty_for_a_moment_loses_nothing(
    here: Machine, can: Capabilities, count: int
) -> None:
    here.can = can
    fill(here.box, count)
    mail = here.start()
    before = ids(mail)
    inbox = here.box.folder("INBOX")
    kept = dict(inbox.messages)
    inbox.messages.clear()

    def heal() -> None:
        inbox.messages.update(kept)

    here.box.after("identity", heal)
    looked(mail, 3)
    assert ids(mail) == before and not here.ears.of(HeldBack)


@LADDER
def test_a_folder_that_comes_back_renumbered_and_half_empty_asks_too(here: Machine, can: Capabilities) -> None:
    here.can = can
    uids = fill(here.box, 60)
    mail = here.start()
    before = ids(mail)
    here.box.remove("INBOX", *uids[:30])
    here.box.renew("INBOX")
    looked(mail, 4)
    assert ids(mail) == before
    assert gap(mail).count == 30 and len(here.ears.of(HeldBack)) == 1
    mail.brake.follow(gap(mail))
    looked(mail, 2)
    assert ids(mail) == before[:30]


def test_new_numbers_are_told_to_the_person_and_what_was_done_waits_for_them(here: Machine) -> None:
    fill(here.box, 5)
    mail = here.start()
    before = ids(mail)
    here.box.unplug()
    mail.archive(before[:1])
    here.box.renew("INBOX")
    here.box.plug()
    looked(mail, 3)
    told = [event.text for event in here.ears.of(Noticed)]
    assert len(told) == 1 and "new numbers to 5 messages of Inbox" in told[0]
    assert on_server(here.box, "Archive") == ["mail 4"] and ids(mail) == before[1:]


def test_on_a_server_that_names_no_numbering_an_action_looks_first_whom_it_is_about(tmp_path: Path) -> None:
    """While we were away another mail got the number of the one that was archived."""
    with machine(tmp_path / "data") as here:
        fill(here.box, 3)
        inbox = here.box.folder("INBOX")
        inbox.uidvalidity = 0
        mail = here.start()
        before = ids(mail)
        here.box.unplug()
        mail.archive(before[:1])
        assert mail.settled()
        first, second, third = inbox.messages
        inbox.messages = {
            first: inbox.messages[first],
            second: replace(inbox.messages[third], uid=second),
            third: replace(inbox.messages[second], uid=third),
        }
        here.box.plug()
        looked(mail, 3)
        assert on_server(here.box, "Archive") == ["mail 2"]
        assert sorted(on_server(here.box, "INBOX")) == ["mail 0", "mail 1"]


@LADDER
def test_uids_that_are_given_away_again_under_the_same_name_are_not_believed(here: Machine, can: Capabilities) -> None:
    """The server's disk was put back to yesterday: the newest uids now belong to other mails."""
    here.can = can
    fill(here.box, 5)
    mail = here.start()
    inbox = here.box.folder("INBOX")
    before = ids(mail)
    inbox.uidnext -= 2
    for uid in list(inbox.messages)[3:]:
        del inbox.messages[uid]
    here.box.add("INBOX", letter("other", 50))
    looked(mail, 4)
    assert subjects(mail) == ["other", "mail 2", "mail 1", "mail 0"]
    assert ids(mail)[1:] == before[2:]


# --- how much is here


def test_a_folder_can_say_how_much_of_it_is_here_and_how_much_with_its_text(here: Machine) -> None:
    fill(here.box, 300)
    here.box.after("uids", here.box.unplug)
    mail = here.start()
    inbox = folder(mail, Role.INBOX).id
    told = mail.completeness(inbox).result(timeout=20)
    assert told.there == 300 and 0 < told.here < 300 and told.with_text == 0 and not told.is_complete
    here.box.plug()
    looked(mail, 2)
    mail.read(ids(mail)[0]).result(timeout=20)
    told = mail.completeness(inbox).result(timeout=20)
    assert (told.there, told.here, told.with_text, told.is_complete) == (300, 300, 1, True)


def test_what_is_held_back_counts_as_here_alone(here: Machine) -> None:
    mail = emptied(here, 30, 60)
    told = mail.completeness(gap(mail).folder).result(timeout=20)
    assert (told.there, told.here, told.held_back) == (30, 30, 30)


# --- a folder that the server does not show


def test_a_folder_that_is_gone_for_some_days_is_there_again_with_all_that_was_kept_of_it(here: Machine) -> None:
    here.box.create("Lists")
    fill(here.box, 30, "Lists")
    mail = here.start()
    (lists,) = [one for one in mail.folders() if one.name == "Lists"]
    before = list(mail.listing(Query(lists.id)))
    mail.read(before[0]).result(timeout=20)
    away = here.box.folders.pop("Lists")
    looked(mail)
    assert "Lists" not in [one.name for one in mail.folders()]
    assert here.ears.wait(Noticed).text.startswith("Lists is gone from the server, with 30 messages.")
    looked(mail, 3)
    assert len(here.ears.of(Noticed)) == 1
    here.close()
    here.now += 5 * 86_400
    mail = here.start()
    here.box.folders["Lists"] = away
    looked(mail, 3)
    (lists,) = [one for one in mail.folders() if one.name == "Lists"]
    assert list(mail.listing(Query(lists.id))) == before
    assert mail.completeness(lists.id).result(timeout=20).with_text == 1


def test_a_folder_that_is_gone_for_a_month_is_forgotten(here: Machine) -> None:
    here.box.create("Lists")
    fill(here.box, 3, "Lists")
    mail = here.start()
    del here.box.folders["Lists"]
    looked(mail)
    here.close()
    here.now += 31 * 86_400
    mail = here.start()
    assert mail.settled()
    rows = mail._writer.do(lambda books: books.index.connection.execute("SELECT count(*) FROM message").fetchone())
    assert rows.result(timeout=20) == (0,)


# --- a damaged index


def test_mail_that_only_this_machine_has_outlives_a_damaged_index_as_files_to_import(here: Machine) -> None:
    here.settings = replace(SETTINGS, sync=Sync(keep="all"))
    mail = emptied(here, 30, 60)
    mail.brake.keep(gap(mail))
    assert mail.settled()
    here.close()
    health.mark(here.data)
    mail = here.start()
    said = here.ears.wait(Noticed, lambda event: "30 of the messages" in event.text).text
    (kept,) = here.data.glob("kept-*")
    assert str(kept) in said and "tui-mail import" in said
    assert sorted(parse(file.read_bytes()).subject for file in kept.iterdir())[0] == "mail 0"
    assert len(list(kept.iterdir())) == 30 == len(ids(mail))


def test_where_their_text_was_never_here_a_damaged_index_is_said_to_be_all_there_is(here: Machine) -> None:
    emptied(here, 30, 60)
    here.close()
    health.mark(here.data)
    here.start()
    assert (
        "30 messages that only this machine still listed"
        in here.ears.wait(Noticed, lambda event: "only this machine" in event.text).text
    )
    assert not list(here.data.glob("kept-*"))


def break_again(here: Machine) -> str:
    """The index is made anew once more; what is said of it. Clocks are coarse, so the one before is of another day."""
    here.close()
    number = len(damaged(here))
    for path in [*here.data.glob("mail.db.damaged-2*"), *here.data.glob("kept-2*")]:
        path.rename(path.with_name(path.name.replace("-2", f"-1{number}", 1)))
    health.mark(here.data)
    here.ears.events.clear()
    here.start()
    return here.ears.wait(Noticed, lambda event: "made anew" in event.text).text


def damaged(here: Machine) -> list[str]:
    return sorted(path.name[:17] for path in here.data.glob("mail.db.damaged-*[0-9]"))


def test_of_damaged_indexes_only_the_newest_is_kept(here: Machine) -> None:
    fill(here.box, 3)
    here.start()
    assert "older" not in break_again(here)
    assert damaged(here) == ["mail.db.damaged-2"]
    assert "An older one is removed" in break_again(here)
    assert damaged(here) == ["mail.db.damaged-2"]


def test_a_damaged_index_whose_mail_lies_in_files_may_go(here: Machine) -> None:
    here.settings = replace(SETTINGS, sync=Sync(keep="all"))
    mail = emptied(here, 30, 60)
    mail.brake.keep(gap(mail))
    assert mail.settled()
    break_again(here)
    assert "An older one is removed" in break_again(here)
    assert damaged(here) == ["mail.db.damaged-2"]
    assert len(list(here.data.glob("kept-1*/*.eml"))) == 30


def test_an_older_damaged_index_that_may_hold_mail_is_kept(here: Machine) -> None:
    emptied(here, 30, 60)
    break_again(here)
    assert "An older one is kept too" in break_again(here)
    assert damaged(here) == ["mail.db.damaged-1", "mail.db.damaged-2"]
    (here.data / "mail.db.damaged-19990101-000000").write_bytes(b"no database" * 1000)
    said = break_again(here)
    assert "An older one is removed" in said and "2 older ones are kept too" in said
