"""Findings and answers in words, and streams in sentences."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.answer import Answer, PictureRef
from backend.errors import UsageError
from backend.scene import Box, Box3D, Claim, Finding, Point, Relation, Ruling, Verdict
from tui.plain import places, telling
from tui.plain.commands import COMMANDS, completed, help_lines, parsed
from tui.plain.sentences import Sentences

PICTURE = PictureRef("scene.png", 320, 240, "ab" * 32)


def answer(*findings: Finding, text: str = "", claims: tuple[Claim, ...] = ()) -> Answer:
    return Answer(
        "where?",
        "boxes",
        text,
        (PICTURE,),
        boxes=tuple(one for one in findings if isinstance(one, Box)),
        points=tuple(one for one in findings if isinstance(one, Point)),
        boxes3d=tuple(one for one in findings if isinstance(one, Box3D)),
        claims=claims,
    )


@pytest.mark.parametrize(
    ("x", "y", "part"),
    [
        (0.1, 0.1, "upper left"),
        (0.5, 0.0, "at the top, in the middle"),
        (1.0, 0.2, "upper right"),
        (0.0, 0.5, "on the left, at half height"),
        (0.5, 0.5, "in the middle"),
        (0.9, 0.9, "lower right"),
        (-0.2, 1.3, "lower left"),
    ],
)
def test_the_parts_of_a_picture(x: float, y: float, part: str) -> None:
    assert places.part_of(x, y) == part


def test_a_box_is_told_by_its_part_and_its_share_of_the_picture() -> None:
    box = Box(32, 24, 96, 48, "red circle", confidence=0.997)
    assert places.described(2, box, answer(box)) == (
        "2: red circle, upper left, 20 % of the picture wide and 10 % high, confidence 99 %"
    )
    assert places.exactly(box, answer(box)) == "From 32 to 96 pixels across and from 24 to 48 down, in a picture of 320 by 240."


def test_a_point_a_speck_and_a_solid_box() -> None:
    point = Point(160, 216, "handle")
    assert (
        places.described(1, point, answer(point))
        == "1: handle, at the bottom, in the middle, 50 % from the left and 90 % from the top"
    )
    speck = Box(1, 1, 1.5, 1.2)
    assert "something without a name, upper left, less than 1 % of the picture wide" in places.described(
        1, speck, answer(speck)
    )
    solid = Box3D((-0.5, 0.25, 3.2), (1.0, 0.5, 0.75), 0.0, 0.0, 0.0, "box")
    assert places.described(1, solid, answer(solid)) == (
        "1: box, 3.2 metres ahead, 0.5 to the left, 0.2 below the camera, by the model's estimate"
    )
    assert "1.00 metres wide, 0.50 high and 0.75 deep" in places.exactly(solid, answer(solid))


def test_neighbours_are_told_the_nearest_first_and_which_way_they_lie() -> None:
    here = Box(100, 100, 120, 120, "cup")
    right, above, far = Box(140, 100, 160, 120, "plate"), Box(100, 40, 120, 60, "lamp"), Box(0, 220, 10, 230, "shoe")
    elsewhere = Box(100, 100, 120, 120, "cup", picture=1)
    told = places.neighbours(1, [here, far, above, right, elsewhere])
    assert told == ["4, plate, is right of it.", "3, lamp, is above it.", "2, shoe, is left of it and lower."]


def test_hostile_labels_are_told_as_data() -> None:
    box = Box(0, 0, 10, 10, "cup\x1b[31m\x07\n[bold]\u202e")
    line = places.described(1, box, answer(box))
    assert line.startswith("1: cup\\e[31m\\x07\\n[bold]\\u202e, ")


def test_an_answer_of_many_findings_tells_the_first_and_how_many_are_left() -> None:
    told = list(telling.after(answer(*(Box(n, n, n + 5, n + 5, f"cup {n}") for n in range(11)))))
    assert told[0] == "11 findings:"
    assert len(told) == 1 + telling.FIRST + 1
    assert told[-1] == "and 3 more; /findings tells all."
    assert list(telling.after(answer(text="[]"))) == ["Nothing was found."]
    assert list(telling.after(answer(text="no son"))) == []


def test_a_claim_is_told_with_its_ruling_and_the_numbers() -> None:
    verdict = Verdict(Ruling.CONTRADICTED, 3.0, "the cup's left edge is 40 px right of the plate's right edge")
    claim = Claim("cup", Relation.LEFT_OF, "plate", verdict=verdict)
    assert telling.verdict(claim) == (
        "Claim: cup left of plate. Contradicted: the cup's left edge is 40 px right of the plate's right edge"
    )
    unchecked = Claim("cup", Relation.LEFT_OF, "plate")
    assert telling.verdict(unchecked) == "Claim: cup left of plate. Not checked: something in it was not found."


def streamed(text: str, seed: int = 1) -> list[str]:
    rng, sentences, at = random.Random(seed), Sentences(), 0
    told: list[str] = []
    while at < len(text):
        size = rng.randint(1, 5)
        told += sentences.feed(text[at : at + size])
        at += size
    return told + list(sentences.finish(text))


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Yes. The cup is 3.5 times as wide! Is it?", ["Yes.", "The cup is 3.5 times as wide!", "Is it?"]),
        ("杯子在左边。盘子在右边！对吗？", ["杯子在左边。", "盘子在右边！", "对吗？"]),
        ("# Scene\n\n* **Two** `cups`\n> seen", ["Scene", "* Two cups", "seen"]),
        ('[{"bbox_2d": [1, 2, 3, 4], "label": "cup. No. 2"}]', []),
        (
            'It is here:\n```json\n[{"bbox_2d": [1, 2, 3, 4], "label": "a"}]\n```\nIn the middle.',
            ["It is here:", "In the middle."],
        ),
        ('[{"bbox_2d": [1, 2, 3, 4], "label": "cu', []),
        ("One [of two] cups.", ["One [of two] cups."]),
        ("At [3, 4] it stands. See [1].", ["At [3, 4] it stands.", "See [1]."]),
        ('{"count": 3}', []),
        ("[] Nothing here.", ["Nothing here."]),
        ("Code:\n```python\nprint(1)\n```\nDone.", ["Code:", "print(1)", "Done."]),
        ("[{}" + "{}" * 4000, []),
        ("[" * 300 + "x.", ["[" * 300 + "x."]),
        ("", []),
    ],
)
def test_a_stream_is_told_in_whole_sentences(text: str, spoken: list[str]) -> None:
    for seed in range(5):
        assert streamed(text, seed) == spoken


@given(st.text(alphabet="ab .!?。\n[]{}`*_#\"'1,", max_size=80), st.integers(0, 100))
def test_whatever_streams_nothing_is_told_twice(text: str, seed: int) -> None:
    at_once = list(Sentences().finish(text))
    told = streamed(text, seed)
    assert told == at_once
    assert all("\n" not in sentence and sentence.strip() for sentence in told)


def test_commands_are_found_by_their_beginnings_and_near_ones_are_offered() -> None:
    assert parsed("/where 2")[0].name == "where"
    assert parsed("/where 2")[1] == "2"
    assert parsed("/w 2")[0].name == "where"
    assert parsed("/NEX")[0].name == "next"
    with pytest.raises(UsageError, match="/n is the beginning of several commands") as several:
        parsed("/n")
    assert several.value.cure == "did you mean /next or /new?"
    with pytest.raises(UsageError) as raised:
        parsed("/findigs")
    assert raised.value.cure == "did you mean /findings?"
    with pytest.raises(UsageError, match="there is no command /\\\\e"):
        parsed("/\x1b[31m")
    with pytest.raises(UsageError):
        parsed("/")


def test_help_tells_every_command_and_tab_completes_them() -> None:
    told = help_lines()
    assert all(any(line.startswith(f"/{command.name}") for line in told) for command in COMMANDS)
    assert help_lines("where") == ["/where NUMBER: Tell exactly where a finding is, and what lies beside it."]
    assert completed("/f", True) == ["/findings "]
    assert completed("where", True) == []


def test_tab_completes_files_and_offers_none_that_a_terminal_would_act_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("my cup.png", "my\x1b[31m.png", "my[1].png", "my/in.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert completed("my", False) == ["my/", "'my cup.png'", "'my[1].png'"]
    assert completed("my[", False) == ["'my[1].png'"]
