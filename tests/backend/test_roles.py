"""Archive, Sent and the others are found in the languages people read mail in."""

from __future__ import annotations

import pytest

from tui_mail.backend.imap.roles import Listed, roles
from tui_mail.model.folder import Role


def listed(name: str, *marks: str, delimiter: str = "/") -> Listed:
    return Listed(name.encode(), name, delimiter, frozenset(marks))


def found(*folders: Listed, **chosen: str) -> dict[str, Role]:
    return {raw.decode(): role for raw, role in roles(folders, chosen).items()}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Sent Items", Role.SENT),
        ("已发送", Role.SENT),
        ("Gesendete Elemente", Role.SENT),
        ("Éléments envoyés", Role.SENT),
        ("送信済み", Role.SENT),
        ("Отправленные", Role.SENT),
        ("Enviados", Role.SENT),
        ("Posta inviata", Role.SENT),
        ("Itens Enviados", Role.SENT),
        ("草稿箱", Role.DRAFTS),
        ("Entwürfe", Role.DRAFTS),
        ("下書き", Role.DRAFTS),
        ("Черновики", Role.DRAFTS),
        ("Deleted Messages", Role.TRASH),
        ("已删除", Role.TRASH),
        ("Papierkorb", Role.TRASH),
        ("Corbeille", Role.TRASH),
        ("ごみ箱", Role.TRASH),
        ("Корзина", Role.TRASH),
        ("Cestino", Role.TRASH),
        ("Lixeira", Role.TRASH),
        ("Junk E-mail", Role.JUNK),
        ("垃圾邮件", Role.JUNK),
        ("迷惑メール", Role.JUNK),
        ("Спам", Role.JUNK),
        ("Archiv", Role.ARCHIVE),
        ("Archives", Role.ARCHIVE),
        ("归档", Role.ARCHIVE),
        ("아카이브", None),
        ("Sent to Bob", None),
    ],
)
def test_names_are_known(name: str, role: Role | None) -> None:
    assert found(listed(name)).get(name) == role
    assert found(listed(f"INBOX.{name}", delimiter=".")).get(f"INBOX.{name}") == role
    assert found(listed(f"Work/{name}")) == {}


def test_the_servers_marks_come_before_names_in_any_case() -> None:
    assert found(listed("Sent"), listed("Versandt", "\\sent"), listed("Bin", "\\trash")) == {
        "Versandt": Role.SENT,
        "Bin": Role.TRASH,
    }


def test_each_role_has_one_folder_and_each_folder_one_role() -> None:
    parts = found(listed("Trash"), listed("Deleted Items"), listed("X", "\\sent", "\\archive"), listed("Sent"))
    assert parts == {"Trash": Role.TRASH, "X": Role.ARCHIVE, "Sent": Role.SENT}


def test_the_better_known_name_wins() -> None:
    assert found(listed("Deleted Items"), listed("Trash")) == {"Trash": Role.TRASH}


def test_the_persons_choice_comes_first() -> None:
    assert found(listed("A", "\\archive"), listed("B"), archive="B") == {"B": Role.ARCHIVE}
    assert found(listed("A", "\\archive"), archive="Missing") == {"A": Role.ARCHIVE}
    assert found(listed("A", "\\archive"), nonsense="A") == {"A": Role.ARCHIVE}


def test_a_folder_that_cannot_be_opened_plays_no_part() -> None:
    assert found(listed("Sent", "\\noselect")) == {}
