"""Looking and asking a second time, through the asker: what is sent for it, what is believed, what the answer says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.answer import Answer
from backend.ask import Question, zoom
from backend.ask.wish import Outcome
from backend.engine.api import Request
from backend.events import Found
from backend.media.fit import plan
from backend.scene import Box, Picture, Raster, Ruling, View
from tests.ask.asking import CARD, answer_of, asker, canned, picture
from tests.scripted import Say, ScriptedEngine

LEFT = "Is the red circle left of the blue square?"
CIRCLE = '[{"bbox_2d": [100, 100, 300, 500], "label": "red circle"}]'
SQUARE = '[{"bbox_2d": [600, 100, 900, 500], "label": "blue square"}]'


def speaking(**answers: str) -> ScriptedEngine:
    """Answers a prompt by the first of these that it holds (underscores are spaces)."""

    def reply(prompt: str) -> tuple[Say, ...]:
        return (Say(next((said for part, said in answers.items() if part.replace("_", " ") in prompt), "[]")),)

    return ScriptedEngine(reply=reply)


def answered(engine: ScriptedEngine, question: str, *, second_looks: bool = True, size: tuple[int, int] = (640, 640)) -> Answer:
    events = list(asker(engine).ask(Question(question, (striped(*size),), second_looks=second_looks)))
    answer = answer_of(events)
    assert {event.finding.id for event in events if isinstance(event, Found)} == {box.id for box in answer.boxes}
    return answer


def striped(width: int, height: int) -> Picture:
    """A picture that looks different everywhere, mirrored as well."""
    row = bytes(value * 255 // width for value in range(width) for _ in range(3))
    return replace(picture(width, height), rgb=b"".join(bytes([n % 256]) + row[1:] for n in range(height)))


def raster_of(request: Request) -> Raster:
    (shown,) = [part for part in request.messages[0].parts if isinstance(part, Raster)]
    return shown


def test_a_small_box_is_looked_at_again_enlarged_and_mapped_back() -> None:
    engine = canned(
        '[{"bbox_2d": [500, 500, 550, 550], "label": "cup"}]', '[{"bbox_2d": [400, 400, 600, 600], "label": "cup"}]'
    )
    (box,) = answered(engine, "where is the cup?").boxes
    first, second = engine.requests
    assert raster_of(first) != raster_of(second)
    assert box.second_look is not None
    window = box.second_look.window
    assert (window.width, window.height) == (112, 112), "three and a half sides of the box, 32 pixels each"
    assert box.second_look.first == (320, 320, 352, 352)
    assert box.corners == pytest.approx((window.left + 44.8, window.top + 44.8, window.left + 67.2, window.top + 67.2))
    assert box.second_look.second == box.corners
    assert box.second_look.iou == pytest.approx(Box(*box.second_look.first).iou(box))


def test_what_was_changed_is_said() -> None:
    engine = canned(
        '[{"bbox_2d": [500, 500, 550, 550], "label": "cup"}]', '[{"bbox_2d": [400, 400, 600, 600], "label": "cup"}]'
    )
    assert "second looks at 1 of 1 boxes, enlarged; placed anew: b1" in answered(engine, "where is the cup?").warnings


def test_a_large_box_is_not_looked_at_again() -> None:
    engine = canned('[{"bbox_2d": [100, 100, 600, 600], "label": "cup"}]')
    (box,) = answered(engine, "where is the cup?").boxes
    assert box.second_look is None
    assert len(engine.requests) == 1


def test_second_looks_can_be_switched_off() -> None:
    engine = canned('[{"bbox_2d": [500, 500, 550, 550], "label": "cup"}]')
    (box,) = answered(engine, "where is the cup?", second_looks=False).boxes
    assert box.second_look is None
    assert len(engine.requests) == 1


@pytest.mark.parametrize(
    "second",
    ["[]", '[{"bbox_2d": [0, 0, 90, 90], "label": "cup"}]', '[{"bbox_2d": [0, 400, 600, 600], "label": "cup"}]'],
    ids=["nothing", "something far off", "cut off by the window"],
)
def test_the_first_look_stands_where_the_second_does_not_speak_of_the_same_thing(second: str) -> None:
    engine = canned('[{"bbox_2d": [500, 500, 550, 550], "label": "cup"}]', second)
    answer = answered(engine, "where is the cup?")
    (box,) = answer.boxes
    assert box.corners == (320, 320, 352, 352)
    assert box.second_look is not None
    if second == "[]":
        assert box.second_look.second is None
        assert "second looks at 1 of 1 boxes, enlarged; not found again: b1" in answer.warnings


def test_no_more_than_a_dozen_are_looked_at_again_in_one_batch() -> None:
    many = ", ".join(f'{{"bbox_2d": [{40 * n}, 500, {40 * n + 30}, 540], "label": "cup"}}' for n in range(20))
    engine = ScriptedEngine((Say(f"[{many}]"),))
    answered(engine, "Locate every cup")
    assert [len(batch) for batch in engine.batches] == [1, zoom.MOST]


def test_claims_are_asked_again_mirrored_and_exchanged_in_the_batch_that_grounds_them() -> None:
    engine = canned(
        "Yes, the red circle is left of the blue square.",
        CIRCLE,
        SQUARE,
        "No, the red circle is right of the blue square.",
        "Yes, the blue square is right of the red circle.",
    )
    answer = answered(engine, LEFT, size=(200, 200))
    assert [len(batch) for batch in engine.batches] == [1, 4]
    whole, mirrored = raster_of(engine.requests[0]), raster_of(engine.requests[3])
    across = slice(0, 3 * whole.width)
    assert abs(mirrored.rgb[across][-1] - whole.rgb[across][2]) < 2, "left and right are exchanged"
    (claim,) = answer.claims
    assert [(again.how, again.agrees) for again in claim.asked_again] == [("mirrored", True), ("exchanged", True)]
    assert claim.asked_again[1].question == "Is the blue square right of the red circle?"
    assert claim.verdict is not None
    assert claim.verdict.ruling is Ruling.CONFIRMED


@pytest.mark.parametrize("turned", [0, 1])
def test_disagreement_takes_a_verdict_back_and_says_why(turned: int) -> None:
    agreeing = ["No, the red circle is right of the blue square.", "Yes, the blue square is right of the red circle."]
    disagreeing = ["Yes, the red circle is left of the blue square.", "No, the blue square is left of the red circle."]
    again = [disagreeing[n] if n == turned else agreeing[n] for n in range(2)]
    engine = canned("Yes, the red circle is left of the blue square.", CIRCLE, SQUARE, *again)
    answer = answered(engine, LEFT, size=(200, 200))
    (claim,) = answer.claims
    assert claim.verdict is not None
    assert claim.verdict.ruling is Ruling.UNDETERMINED
    assert "which disagrees; the boxes alone: confirmed: the red circle's right edge" in claim.verdict.reason
    assert claim.asked_again[turned].agrees is False


def test_the_nearest_is_compared_with_everything_of_its_kind() -> None:
    low = '[{"bbox_2d": [100, 500, 300, 900], "label": "red box"}]'
    both = '[{"bbox_2d": [100, 500, 300, 900], "label": "red box"}, {"bbox_2d": [600, 300, 800, 600], "label": "blue box"}]'
    engine = speaking(Which="The red box.", the_red_box=low, every_box=both)
    answer = answered(engine, "Which box is the nearest?", second_looks=False)
    assert [box.label for box in answer.boxes] == ["red box", "blue box"], "the same thing is one finding"
    (claim,) = answer.claims
    assert (claim.relation, claim.object, claim.object_id) == ("nearest", "box", "")
    assert claim.verdict is not None
    assert claim.verdict.ruling is Ruling.CONFIRMED


def test_solid_boxes_are_a_second_witness_of_depth() -> None:
    solid = {"Find the red box": "[0, 0.5, 5, 1, 1, 1, 0, 0, 0]", "Find the blue box": "[1, 0.5, 2, 1, 1, 1, 0, 0, 0]"}
    flat = {"the red box, report": "[100, 500, 300, 900]", "the blue box, report": "[600, 300, 800, 600]"}

    def reply(prompt: str) -> tuple[Say, ...]:
        for part, numbers in solid.items():
            if part in prompt:
                return (Say(f'[{{"bbox_3d": {numbers}, "label": "box"}}]'),)
        for part, numbers in flat.items():
            if part in prompt:
                return (Say(f'[{{"bbox_2d": {numbers}, "label": "box"}}]'),)
        return (Say("Yes, the red box is in front of the blue box."),)

    engine = ScriptedEngine(reply=reply)
    (claim,) = answered(engine, "Is the red box in front of the blue box?", second_looks=False).claims
    assert claim.verdict is not None
    assert claim.verdict.ruling is Ruling.UNDETERMINED
    assert "the two disagree" in claim.verdict.reason


def test_a_pronoun_that_nothing_explains_is_not_looked_for() -> None:
    engine = canned("They are left of the blue square.")
    (claim,) = answered(engine, "What do you see at the left?", second_looks=False).claims
    assert claim.verdict is not None
    assert claim.verdict.reason == "the text does not say what “They” is"
    assert not any("They" in str(request.messages[-1].parts) for request in engine.requests)


@pytest.mark.parametrize("mirrored", [False, True])
def test_coordinates_of_a_mirrored_view_come_back_to_the_original(mirrored: bool) -> None:
    view = replace(plan(picture(400, 200), None, 36), mirrored=mirrored)
    assert view.to_original(250, 500) == ((300, 100) if mirrored else (100, 100))
    assert view.from_original(*view.to_original(250, 500)) == pytest.approx((250, 500))
    box = Box.placed((100, 0, 200, 1000), view)
    assert box.corners == pytest.approx((320, 0, 360, 200) if mirrored else (40, 0, 80, 200))


def test_a_window_lies_in_the_picture_and_holds_its_box() -> None:
    view: View = plan(picture(640, 100), None, 36)
    for box in (Box(0, 0, 20, 20), Box(620, 80, 640, 100), Box(300, 40, 310, 50), Box(0, 0, 640, 100)):
        seen = zoom.window(box, view)
        assert seen.left >= 0
        assert seen.top >= 0
        assert seen.left + seen.width <= 640
        assert seen.top + seen.height <= 100
        assert seen.left <= box.x1
        assert box.x2 <= seen.left + seen.width


def test_of_several_boxes_in_the_window_the_nearest_is_meant() -> None:
    view = plan(picture(640, 640), zoom.window(Box(320, 320, 352, 352), plan(picture(640, 640), None, 36)), 36)
    cups = (Box(300, 300, 310, 310, "cup"), Box(322, 321, 351, 352, "cup"))
    box = zoom.seen_again(Box(320, 320, 352, 352, "cup"), view, Outcome("", cups))
    assert box.corners == cups[1].corners


def test_two_questions_share_what_they_both_wish_for() -> None:
    engine = canned(
        "Yes, the red circle is left of the blue square.", "Yes, the red circle is left of the blue square.", CIRCLE, SQUARE
    )
    shown = picture()
    events = list(asker(engine).ask(Question(LEFT, (shown,)), Question(LEFT, (shown,))))
    assert [len(batch) for batch in engine.batches] == [2, 2]
    assert sum(type(event).__name__ == "Done" for event in events) == 2


def test_the_demo_cards_budget_bounds_the_enlarged_view() -> None:
    view = plan(picture(640, 640), None, CARD.image_tokens.default)
    wishes = zoom.second_looks([Box(320, 320, 352, 352, "cup")], view, CARD)
    (wish,) = wishes
    assert wish.view is not None
    assert wish.view.raster_width * wish.view.raster_height <= CARD.image_tokens.max * 1024


def test_a_claim_about_two_small_things_is_asked_again_closer() -> None:
    small = ('[{"bbox_2d": [400, 400, 450, 450], "label": "a"}]', '[{"bbox_2d": [500, 400, 550, 450], "label": "b"}]')
    said = "Yes, the red circle is left of the blue square."

    def reply(prompt: str) -> tuple[Say, ...]:
        if "bbox" not in prompt:
            return (Say("Yes, the blue square is right of the red circle." if prompt.startswith("Is the blue") else said),)
        return (Say(small["blue" in prompt]),)

    engine = ScriptedEngine(reply=reply)
    (claim,) = answered(engine, LEFT).claims
    assert [len(batch) for batch in engine.batches] == [1, 4, 3], "two boxes enlarged, and the claim asked closer"
    assert [(again.how, again.agrees) for again in claim.asked_again] == [
        ("mirrored", False),
        ("exchanged", True),
        ("enlarged", True),
    ]


def test_two_things_that_fill_the_picture_are_not_asked_about_closer() -> None:
    view = plan(picture(640, 640), None, 36)
    far = Box(0, 0, 60, 60), Box(580, 580, 640, 640)
    assert zoom.around_both(*far, view, CARD) is None
    near = zoom.around_both(Box(300, 300, 330, 330), Box(340, 300, 370, 330), view, CARD)
    assert near is not None
    assert near.window.left < 300
    assert near.window.left + near.window.width > 370
