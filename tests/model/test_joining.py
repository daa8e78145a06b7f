"""What was read before is folded, and letters stand one behind the other with their links intact."""

from __future__ import annotations

from tui_mail.model.document import Block, Cell, Document, Fold, Run
from tui_mail.model.joining import joined, without_seen


def lines(*words: str) -> Document:
    return Document(
        tuple(
            Block("text", (Run(word.lstrip("> ")),), quote=word.count(">")) if word else Block("gap") for word in words
        )
    )


def folded(document: Document, *seen: int) -> list[int]:
    return [block.fold for block in without_seen(document, seen).blocks]


def test_a_quote_at_the_end_is_folded_whole() -> None:
    document = lines("new", "", "> a", "> b", "> c")
    assert folded(document, 2, 3, 4) == [0, 0, 1, 1, 1]
    assert without_seen(document, (2, 3, 4)).folds == (Fold("3 lines read before", "seen"),)


def test_what_an_answer_answers_stays_in_sight() -> None:
    assert folded(lines("> a", "> b", "> c", "> d", "", "new"), 0, 1, 2, 3) == [1, 1, 0, 0, 0, 0]


def test_one_line_is_not_worth_a_fold_and_a_letter_is_never_folded_whole() -> None:
    assert folded(lines("> a", "", "new"), 0) == [0, 0, 0]
    assert folded(lines("a", "b", "c"), 0, 1, 2) == [0, 0, 0]


def test_no_fold_lies_within_another() -> None:
    one = Block("text", (Run("x"),), fold=1)
    document = Document((Block("text", (Run("new"),)), one, one, one), folds=(Fold("3 quoted lines"),))
    assert without_seen(document, (1, 2, 3)) == document


def test_joined_documents_keep_their_links_and_folds_apart() -> None:
    cell = Cell((Run("c", link=1),))
    one = Document(
        (Block("text", (Run("a", link=1),), fold=1), Block("table", rows=((cell,),))),
        ("https://a.example/",),
        folds=(Fold("f"),),
    )
    both = joined((one, one))
    assert both.links == ("https://a.example/",) * 2 and len(both.folds) == 2
    assert [block.fold for block in both.blocks] == [1, 0, 2, 0]
    assert [both.blocks[2].runs[0].link, both.blocks[3].rows[0][0].runs[0].link] == [2, 2]
