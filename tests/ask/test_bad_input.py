"""What no answer should say and some do: from the engine's tokens to the published JSON, the command line and the app.

Nothing is dropped silently: what is left out of an answer has a warning. The engine is scripted, so that it says exactly that.
"""

from __future__ import annotations

import json
import math
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.answer import Answer
from backend.ask import Question
from backend.cli.telling import Telling
from backend.export.overlay import save_overlay
from backend.scene import Box, Ruling
from backend.schema import json_schema
from tests.ask.asking import answer_of, asker, canned, picture
from tests.scripted import Say, ScriptedEngine, Step
from tui import reply, wording
from tui.conversation import Exchange
from tui.glyphs import UNICODE
from tui.preview.chips import Chip, place_chips
from tui.preview.geometry import CellBox, Fit
from tui.wording import Manner

LOCATE = "Locate every object"
CIRCLE = '[{"bbox_2d": [100, 100, 200, 300], "label": "red circle"}]'
SQUARE = '[{"bbox_2d": [700, 100, 900, 300], "label": "blue square"}]'


def answered(*said: str, question: str = LOCATE, task: str = "auto", pictures: int = 1) -> Answer:
    """The answer when the model says first this, and then that of what it is asked besides; published as the schema wants."""
    shown = tuple(picture(name=f"{n}.png") for n in range(pictures))
    answer = answer_of(list(asker(canned(*said)).ask(Question(question, shown, task))))
    published = json.loads(json.dumps(answer.as_dict(), allow_nan=False))
    Draft202012Validator(json_schema()).validate(published)
    return answer


def told(said: str, capsys: pytest.CaptureFixture[str], question: str = LOCATE) -> tuple[str, str]:
    """What `sightline ask` prints: standard output and standard error."""
    one = Question(question, (picture(),))
    telling = Telling([one], as_json=False)
    for event in asker(canned(said)).ask(one):
        telling.hear(event)
    telling.hush()
    printed = capsys.readouterr()
    return printed.out, printed.err


def shown(said: str, question: str = LOCATE) -> Any:
    """What the app writes below the question."""
    one = Question(question, (picture(),), id="q")
    exchange = Exchange("q", question, (Path("p.png"),))
    for event in asker(canned(said)).ask(one):
        exchange.fold(event)
    return reply.plain(exchange, Manner(UNICODE))


def boxes(*numbers: str) -> str:
    return "[" + ", ".join(f'{{"bbox_2d": [{four}], "label": "n{at}"}}' for at, four in enumerate(numbers)) + "]"


@pytest.mark.parametrize(
    ("numbers", "warning", "kept"),
    [
        ("NaN, 20, 30, 40", "without its numbers was given up on", 0),
        ("10, 20, Infinity, 40", "without its numbers was given up on", 0),
        ("10, 20, 1e400, 40", "without its numbers was given up on", 0),
        ("-100, -200, 300, 400", "clamped", 1),
        ("-400, -300, -200, -100", "no area", 1),
        ("0, 0, 1000000000, 1000000000", "clamped", 1),
        ("1000000000, 1000000000, 1000000001, 1000000001", "no area", 1),
        ("100, 100, 100, 100", "no area", 1),
        ("500, 100, 500, 900", "no area", 1),
        ("900, 800, 100, 200", "swapped", 1),
        ("10, 20", "without its numbers was given up on", 0),
    ],
)
def test_numbers_that_cannot_be(numbers: str, warning: str, kept: int) -> None:
    answer = answered(boxes(numbers, "10, 20, 30, 40"))
    assert [box.label for box in answer.boxes] == ["n0", "n1"][1 - kept :]
    for box in answer.boxes:
        assert 0 <= box.x1 <= box.x2 <= 200
        assert 0 <= box.y1 <= box.y2 <= 100
        assert all(map(math.isfinite, box.corners))
    assert any(warning in line for line in answer.warnings), answer.warnings


def test_points_and_solid_boxes_that_cannot_be() -> None:
    answer = answered('[{"point_2d": [-5, 1000000000]}, {"point_2d": [NaN, 1]}, {"point_2d": [1]}]', task="points")
    assert [(point.x, point.y) for point in answer.points] == [(0, 100)]
    assert any("moved to its edge" in line for line in answer.warnings)
    assert any("without its numbers was given up on (2 times)" in line for line in answer.warnings)
    solids = [
        "NaN, 0, 2, 1, 1, 1, 0, 0, 0",
        "0, 0, 2, -1, 1, 1, 0, 0, 0",
        "0, 0, 2, 0, 1, 1, 0, 0, 0",
        "0, 0, 1e9, 1, 1, 1, 0, 0, 0",
    ]
    answer = answered("[" + ", ".join(f'{{"bbox_3d": [{n}]}}' for n in solids) + "]", task="boxes3d")
    assert answer.boxes3d == ()
    for warning in ("without its numbers", "without a size was given up on (2 times)", "farther, larger or more turned"):
        assert any(warning in line for line in answer.warnings), answer.warnings


def test_five_thousand_boxes(capsys: pytest.CaptureFixture[str]) -> None:
    said = "[" + ",".join(f'{{"bbox_2d":[{n % 500},{n // 500},600,700]}}' for n in range(5000)) + "]"
    answer = answered(said)
    assert [box.id for box in answer.boxes] == [f"b{n + 1}" for n in range(5000)]
    assert answer.warnings == ("knows only generated scenes",)
    out, _ = told(said, capsys)
    assert len(out.splitlines()) == 5001
    assert "5000 unnamed" in wording.found(list(answer.boxes)).plain


def test_thousands_of_boxes_are_drawn_with_as_many_labels_as_there_is_room_for(tmp_path: Path) -> None:
    """In the picture that --save writes, and in the app's; both took minutes, trying each label against each."""
    crowd = [Box(n % 180, n // 60, n % 180 + 20, n // 60 + 15, "seed", id=f"b{n + 1}") for n in range(3000)]
    save_overlay(tmp_path / "crowd.png", picture(), crowd)
    assert (tmp_path / "crowd.png").exists()
    chips = tuple(Chip(n + 1, "seed", CellBox(n % 70, n // 100, n % 70 + 8, n // 100 + 6), None) for n in range(3000))
    placed = place_chips(Fit(200, 100, 0, 0, 80, 36), chips, colour=True)
    cells = [cell for chip in placed for cell in chip.cells]
    assert 0 < len(cells) == len(set(cells)) <= 80 * 36


def test_five_thousand_broken_boxes_are_one_warning() -> None:
    answer = answered("[" + ",".join(f'{{"bbox_2d":[{n},2]}}' for n in range(5000)) + "]")
    assert answer.boxes == ()
    assert any("given up on (5,000 times)" in line for line in answer.warnings)
    assert len(answer.warnings) <= 4


def test_a_label_of_100_kilobytes(capsys: pytest.CaptureFixture[str]) -> None:
    said = '[{"bbox_2d": [1, 2, 3, 4], "label": "' + "long " * 20_000 + '"}]'
    answer = answered(said)
    assert len(answer.boxes[0].label) == 1000
    assert any("a text of 100,000 characters was shortened to 1,000" in line for line in answer.warnings)
    assert len(told(said, capsys)[1]) < 1000


HOSTILE = (
    "\x1b[31mred\x1b[0m \x07\x08 [bold]b[/bold] [link=file:///etc/passwd]l[/link] \u202egnp.exe\u202c \x9b2J \u2028 \r end"
)


@pytest.mark.parametrize("quoted", [True, False], ids=["escaped as JSON", "as they are"])
def test_escape_sequences_and_markup_reach_nobody(quoted: bool, capsys: pytest.CaptureFixture[str]) -> None:
    label = json.dumps(HOSTILE) if quoted else f'"{HOSTILE}"'
    said = f'[{{"bbox_2d": [100, 200, 300, 400], "label": {label}, "note": {label}}}]'
    answer = answered(said)
    assert answer.boxes[0].label == HOSTILE, "in the data it is what was said"
    out, err = told(said, capsys)
    reply = shown(said)
    for text in (out, err, reply.plain):
        assert not [char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") and char not in "\n\t"]
    assert "\\e[31mred" in out
    assert "[bold]b[/bold]" in out
    assert "[bold]b[/bold]" in reply.plain
    styles = {str(span.style) for span in reply.spans}
    assert not any("link" in style or "file:" in style for style in styles), styles


def test_escape_sequences_in_what_could_not_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    _, err = told('[{"bbox_2d": ["\x1b[2J", 1], "label": "\x1b[31m"}]', capsys)
    assert "given up on" in err
    assert "\x1b" not in err


@pytest.mark.parametrize("said", ["[]", "```json\n[]\n```", "There is no cup in this picture.", "图中没有杯子。", "{}"])
def test_what_is_not_there_has_no_box_and_the_answer_says_so(said: str) -> None:
    answer = answered(said, question="Where is the cup?")
    assert answer.findings == ()
    assert any("located nothing" in line for line in answer.warnings)


@pytest.mark.parametrize("found", ["[]", "There is no cup.", '[{"bbox_2d": [NaN, 1, 2, 3], "label": "cup"}]'])
def test_a_claim_about_what_is_not_there_gets_no_box_and_no_ruling(found: str) -> None:
    said = "Yes, the cup is left of the blue square."
    answer = answered(said, found, SQUARE, question="Is the cup left of the blue square?")
    (claim,) = answer.claims
    assert (answer.text, claim.subject_id) == (said, "")
    assert [box.label for box in answer.boxes] == ["blue square"]
    assert claim.verdict is None or claim.verdict.ruling is Ruling.UNDETERMINED


def test_contradictory_claims_are_both_kept_and_each_is_judged() -> None:
    answer = answered(
        "The red circle is left of the blue square. The red circle is right of the blue square.",
        *(CIRCLE, SQUARE),
        question="Where does the red circle lie, left or right of the blue square?",
        task="relation",
    )
    assert [(claim.relation, claim.verdict and claim.verdict.ruling) for claim in answer.claims] == [
        ("left_of", Ruling.CONFIRMED),
        ("right_of", Ruling.CONTRADICTED),
    ]


def test_boxes_of_two_pictures_are_told_apart() -> None:
    said = '[{"picture": 2, "bbox_2d": [0, 0, 500, 500], "label": "a"}, {"bbox_2d": [0, 0, 500, 500], "label": "a"}]'
    answer = answered(said, question="Locate every a", pictures=2)
    assert [box.picture for box in answer.boxes] == [1, 0]
    assert any("does not say which picture" in line for line in answer.warnings)


def test_relations_over_two_pictures_are_judged_or_said_not_to_be() -> None:
    said = "In picture 1, the red circle is left of the blue square."
    answer = answered(said, CIRCLE, SQUARE, question="Is the red circle left of the blue square in picture 1?", pictures=2)
    assert answer.text == said
    assert answer.claims or any("claim" in line or "relation" in line for line in answer.warnings)


@pytest.mark.parametrize("said", ["It is to the left.", "To the left.", "Left.", "On the right, above.", "在左边。", "左边"])
def test_a_relation_without_its_objects_claims_nothing_and_invents_nothing(said: str) -> None:
    answer = answered(said, question="On which side is the cup?", task="relation")
    assert (answer.text, answer.claims, answer.findings) == (said, (), ())


@pytest.mark.parametrize(
    "said", ["It is left of the blue square.", "它在蓝色正方形的左边。", "They are above the blue square."]
)
def test_a_pronoun_is_not_looked_for(said: str) -> None:
    """No box of an "it": either it is known what is meant, or there is no claim."""
    answer = answered(said, CIRCLE, SQUARE, question="Where is the red circle?", task="relation")
    assert not {"it", "they", "它"} & {box.label.casefold() for box in answer.boxes}
    assert not {"it", "they", "它"} & {claim.subject.casefold() for claim in answer.claims}


@pytest.mark.parametrize(
    "said",
    [
        "Yes, the 红色圆形 is left of the 蓝色正方形.",
        "是的，red circle 在 blue square 的左边。",
        "是的，the red circle is left of the blue square.",
        "Yes, 红色圆形在蓝色正方形的左边。",
    ],
)
def test_mixed_languages(said: str) -> None:
    """Names are looked for as they are spelled; a "yes" beside them may also be the claim of the question's own names."""

    def located(prompt: str) -> tuple[Step, ...]:
        return (Say(CIRCLE if "circle" in prompt or "圆形" in prompt else SQUARE),)

    one = Question("Is the red circle left of the blue square?", (picture(),))
    answer = answer_of(list(asker(ScriptedEngine((Say(said),), reply=located)).ask(one)))
    assert answer.claims
    for claim in answer.claims:
        assert (claim.relation, claim.negated) == ("left_of", False)
        assert (claim.subject, claim.object) in (("红色圆形", "蓝色正方形"), ("red circle", "blue square"))
        assert claim.text_span is not None
        assert claim.verdict is not None
        assert claim.verdict.ruling is Ruling.CONFIRMED
    last = answer.claims[-1]
    assert last.subject in said
    assert last.object in said
    assert [tag.word for tag in answer.tags] == ["left"]


ENDLESS = (
    "[" * 5000,
    "{" * 5000,
    '{"a": ' * 3000,
    "[1, " * 3000 + "]" * 3000,
    "```json\n" * 500,
    "[" + "9" * 5000 + "]",
    "[1] " * 9000,
)


@pytest.mark.parametrize("said", ENDLESS, ids=lambda text: text[:6])
def test_brackets_and_digits_without_end(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Through all that reads an answer, to the screen."""
    assert answered(said, question="Describe the picture.").findings == ()
    told(said, capsys, question="Describe the picture.")
    assert shown(said, question="Describe the picture.").plain is not None
