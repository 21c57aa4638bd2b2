"""Emphasis in a model's words hides none of what they state, and what is found stands where the model wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask import claims
from backend.ask.emphasis import without_emphasis
from backend.ask.tags import tagged

texts = st.lists(st.sampled_from(["left", "红色", " ", "**", "*", "_", "`", "~~", "snake_case", "2 * 3", "\n"])).map("".join)


@given(texts, st.integers(0, 30), st.integers(1, 10))
def test_what_is_found_leads_back_to_the_same_words(text: str, start: int, length: int) -> None:
    plain = without_emphasis(text)
    words = plain.text[start : start + length]
    begin, end = plain.origin((start, start + len(words)))
    if words:
        assert without_emphasis(text[begin:end]).text.replace("*", "").replace("_", "") == words.replace("*", "").replace(
            "_", ""
        )


@pytest.mark.parametrize("plain", ["2 * 3 * 4", "snake_case_name", "* a point", "- a point", "left of it"])
def test_what_is_no_emphasis_stays(plain: str) -> None:
    assert without_emphasis(plain).text == plain


@pytest.mark.parametrize(
    ("text", "stated", "word"),
    [
        ("The **red circle** is left of the **blue square**.", "red circle** is left of the **blue square", "left"),
        ("The red circle is **left** of the blue square.", "red circle is **left** of the blue square", "left"),
        ("The `red circle` is *to the left of* the _blue square_.", "red circle` is *to the left of* the _blue square", "left"),
        ("**红色圆**在**蓝色方块**的**左边**。", "红色圆**在**蓝色方块**的**左边", "左边"),
    ],
)
def test_claims_and_tags_are_found_in_emphasis(text: str, stated: str, word: str) -> None:
    (claim,) = claims.stated(text)
    assert claim.relation == "left_of"
    assert "*" not in claim.subject + claim.object
    assert claim.text_span is not None
    assert text[slice(*claim.text_span)].strip("*_`") == stated
    assert word in [tag.text for tag in tagged(text)]
