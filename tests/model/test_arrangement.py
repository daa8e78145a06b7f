"""How a folder is shown, as a text that is remembered."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from tui_mail.model.arrangement import Arrangement, By, Lines, Order

CHOSEN = st.builds(
    Arrangement,
    st.builds(Order, st.sampled_from(get_args(By)), st.booleans()),
    st.sampled_from(get_args(Lines)),
    st.sampled_from(("", "auto", "right", "below", "off")),
    st.one_of(st.just(0), st.integers(20, 80)),
)


@given(CHOSEN)
def test_what_was_chosen_is_remembered(chosen: Arrangement) -> None:
    assert Arrangement.read(str(chosen)) == chosen


@given(st.text(max_size=60))
def test_what_somebody_wrote_into_the_file_does_no_harm(text: str) -> None:
    assert isinstance(Arrangement.read(text), Arrangement)
    assert isinstance(Arrangement.read(f"sort={text} share={text}"), Arrangement)
