"""How much of a folder is on this machine can be asked, and is answered in sentences."""

from __future__ import annotations

from pathlib import Path

from tests.ui.world import world
from tui_mail.model.folder import Completeness
from tui_mail.ui.screens.folder_facts import FolderFacts, facts


def test_a_whole_folder_is_one_sentence_and_every_gap_has_its_own() -> None:
    assert list(facts(Completeness(12_403, 12_403, 12_403, 0, 0, 0), "all")) == [
        "12,403 of 12,403 here, 12,403 with text."
    ]
    told = list(facts(Completeness(12_403, 12_000, 11_990, 2, 40, 1), "1y"))
    assert told[0] == "12,000 of 12,403 here, 11,990 with text."
    assert [sentence.split()[0] for sentence in told[1:]] == ["403", "The", "1", "40", "Of"]


async def test_the_shown_folder_tells_how_much_of_it_is_here(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.app.run_action("folder_facts", here.inbox)
        await here.until(lambda: isinstance(here.app.screen, FolderFacts))
        assert "5 of 5 here" in " ".join(str(one.render()) for one in here.app.screen.query("Static"))
        await here.press("escape")
        assert here.is_home
