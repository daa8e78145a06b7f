"""What a query says of one message, from its facts alone: as rules ask it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tui_mail.model.address import Address
from tui_mail.model.folder import Folder, FolderId, Role
from tui_mail.model.matching import Facts, is_searched, matches
from tui_mail.model.message import FLAGGED
from tui_mail.model.query import Query
from tui_mail.model.words import places

NOON = 1_795_435_200
INBOX = Folder(FolderId(1), "work", "INBOX", b"INBOX", "/", Role.INBOX)
ZOE = Address("Zoë", "zoe@example.net")
FACTS = Facts(
    "work",
    INBOX,
    Address("Bob", "bob@example.org"),
    (Address("Ann", "ann@example.org"), ZOE),
    "Tea at Café Hilltop 北京大学",
    NOON - 3 * 86400,
    5000,
    frozenset({FLAGGED}),
    True,
    (ZOE,),
    "choir.lists.example.net",
    "Darjeeling, please; see the plan.",
    ("Hilltop.pdf",),
)


@pytest.mark.parametrize(
    "text",
    [
        "tea",
        "cafe",
        "CAFÉ hill",
        "京大",
        "darj",
        "from:bob is:starred -is:read",
        "cc:zoe to:ann",
        "filename:hilltop.pdf",
        "list:choir",
        "in:inbox account:work",
        "older:2d newer:1w",
        "after:2026-11-20 before:2026-11-21",
        "larger:4k smaller:5k",
        "has:attachment",
        "nothing or (tea -milk)",
        '"the plan"',
    ],
)
def test_a_message_is_what_is_asked_for(text: str) -> None:
    assert matches(Query.parse(text).wanted, FACTS, NOON)


@pytest.mark.parametrize(
    "text",
    [
        "北大",
        "body:da",
        "body:tea",
        "cc:ann",
        "-tea",
        "is:answered",
        "in:trash",
        "older:1w",
        '"plan the"',
        "tea milk",
        "!!",
    ],
)
def test_a_message_is_not_what_is_asked_for(text: str) -> None:
    assert not matches(Query.parse(text).wanted, FACTS, NOON)


def test_trash_is_looked_into_only_where_a_folder_is_named() -> None:
    trash = replace(INBOX, role=Role.TRASH, name="Trash")
    assert not is_searched(Query.parse("tea -in:trash").wanted, trash)
    assert is_searched(Query.parse("tea (in:trash or in:inbox)").wanted, trash)


@pytest.mark.parametrize(
    ("text", "phrase", "marked"),
    [
        ("Tea and teatime", "tea", ["Tea", "tea"]),
        ("Café, cafe\u0301s", "cafe", ["Café", "cafe\u0301s"]),
        ("the whole phrase here", "whole phr", ["whole phr"]),
        ("北京大学", "京大", ["京大"]),
        ("50% off :)", ":)", [":)"]),
        ("Straße", "stra", ["Stra"]),
    ],
)
def test_what_was_found_is_marked_where_it_stands(text: str, phrase: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in places(text, phrase)] == marked
