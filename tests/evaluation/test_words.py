"""The measures of read text, on values that can be told by hand."""

from __future__ import annotations

import pytest

from scripts.evaluation import words


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("EXIT", "EXIT", 0), ("EXIT", "EX1T", 1), ("EXIT", "EXT", 1), ("出口", "", 2), ("", "出口", 2), ("kitten", "sitting", 3)],
)
def test_edits_are_levenshteins(one: str, other: str, edits: int) -> None:
    assert words.distance(one, other) == edits


def test_the_table_divides_edits_by_characters_and_iou_by_what_was_found() -> None:
    line = {"language": "en", "size": 10, "signs": 4, "found": 2, "edits": 3, "characters": 40, "iou": 1.0, "extra": 1}
    other = {**line, "language": "zh", "found": 0, "edits": 40, "iou": 0.0}
    told = words.table({"lines": [line, other], "verdicts": {"true, confirmed": 7, "false, contradicted": 5}})
    assert "| English, 10 px | 4 | 50.0% | 7.50% | 0.50 | 1 |" in told
    assert "| Chinese, 10 px | 4 | 0.0% | 100.00% | 0.00 | 1 |" in told
    assert "| true statements | 7 | 0 | 0 | 0 |" in told
    assert "| false statements | 0 | 0 | 5 | 0 |" in told
