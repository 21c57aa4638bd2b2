"""Lists of questions as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.cli.questions import Asked, asked
from backend.errors import UsageError


def test_one_a_line_without_blank_lines_and_comments(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_bytes("\ufeff# about the kitchen\n\n  where is the cup?  \r\n红色杯子在哪里？\n# done\n".encode())
    assert asked(("a.png", "b.png"), (), str(listed)) == Asked(("where is the cup?", "红色杯子在哪里？"), ("a.png", "b.png"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no question"),
        (b"# only\n\n", "holds no question"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a" * 11_000_000, "too large"),
    ],
    ids=["empty", "comments", "binary", "huge"],
)
def test_what_is_no_list_is_refused(content: bytes, says: str, tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_bytes(content)
    with pytest.raises(UsageError, match=says) as raised:
        asked(("a.png",), (), str(listed))
    assert raised.value.cure


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="directory"):
        asked(("a.png",), (), str(tmp_path))


def test_an_empty_question_among_others_is_left_to_fail_alone() -> None:
    assert asked(("a.png",), ("where?", " "), None).questions == ("where?", " ")


def test_a_picture_that_is_missing_is_a_matter_for_whoever_opens_it(tmp_path: Path) -> None:
    assert asked(("no-such.png", "b.png"), ("where?",), None).pictures == ("no-such.png", "b.png")
    (tmp_path / "scan").touch()
    assert asked((str(tmp_path / "scan"), "b.png"), ("where?",), None).pictures[1] == "b.png"
