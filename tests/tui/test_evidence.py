"""The reader sees which words are backed by which pixels, and what speaks against them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from textual.content import Content

from backend.answer import Answer, PictureRef
from backend.events import Done
from backend.scene import (
    AskedAgain,
    Box,
    Box3D,
    Check,
    Claim,
    Distortion,
    Intrinsics,
    LensModel,
    Ruling,
    SecondLook,
    Tag,
    Verdict,
    Window,
)
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted
from tui import evidence, reply
from tui.conversation import Exchange
from tui.glyphs import ASCII, UNICODE
from tui.widgets.findings_table import FindingsTable
from tui.wording import Manner

TEXT = "\x1bNo 👩‍👧: 杯子, the cup is left of the plate, and the bowl is right of it."
LEFT, RIGHT = "the cup is left of the plate", "the bowl is right of it"


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


CLAIMS = (
    Claim("cup", "left_of", "plate", "camera", "b1", "b2", Verdict(Ruling.CONFIRMED, 3, "far apart", 0.97), span(LEFT)),
    replace(
        Claim("bowl", "right_of", "plate", "camera", "b3", "b2", Verdict(Ruling.CONTRADICTED, -2, "it is not"), span(RIGHT)),
        asked_again=(AskedAgain("mirrored", "?", "No.", False), AskedAgain("exchanged", "?", "Yes.", True)),
    ),
)
LOOK = SecondLook(Window(0, 0, 9, 9), (1, 1, 2, 2), (1, 1, 2, 3), 0.83)
ANSWER = Answer(
    "Where?",
    "relation",
    TEXT,
    (),
    boxes=(
        Box(1, 1, 2, 2, "cup", id="b1", second_look=LOOK),
        Box(3, 1, 4, 2, "plate", id="b2"),
        Box(5, 1, 6, 2, "bowl", id="b3"),
    ),
    boxes3d=(Box3D((0, 0, 2), (1, 1, 1), 0, 0, 0, "cup", id="s1"),),
    claims=CLAIMS,
    checks=(Check("projection", "s1", "b1", Verdict(Ruling.CONFIRMED, 2, "they overlap")),),
    tags=(Tag("left", "left", span("left")), Tag("right", "right", span("right"))),
)


def told(answer: Answer = ANSWER) -> Exchange:
    exchange = Exchange("q", "Where?", (Path("a.png"),))
    exchange.fold(Done("q", answer))
    return exchange


def styled(content: Content, style: str) -> str:
    return "|".join(content.plain[span.start : span.end] for span in content.spans if style in str(span.style))


def test_the_words_of_a_claim_wear_its_verdict_and_stay_what_they_were() -> None:
    said = reply.plain(told(), Manner(UNICODE))
    first = said.plain.splitlines()[0]
    assert first == f"\\eNo 👩‍👧: 杯子, {LEFT} [✓], and {RIGHT} [✗]."
    assert styled(said, "$success").startswith("the cup is |left| of the plate| [✓]")
    assert styled(said, "$error").startswith("the bowl is |right| of it| [✗]")
    assert reply.plain(told(), Manner(ASCII)).plain.splitlines()[0].endswith(f"{RIGHT} [x].")


def test_spatial_words_stand_out_without_a_claim() -> None:
    said = reply.plain(told(replace(ANSWER, claims=())), Manner(UNICODE))
    assert styled(said, "$primary") == "left|right"


def test_the_claim_under_the_cursor_stands_out() -> None:
    assert styled(reply.plain(told(), Manner(UNICODE), lit=0), "reverse") == "the cup is |left| of the plate"
    assert styled(reply.plain(told(), Manner(UNICODE)), "reverse") == ""


def test_what_speaks_against_an_answer_is_shown_unasked_and_the_rest_on_demand() -> None:
    brief, full = (reply.plain(told(), Manner(UNICODE, evidence=everything)).plain for everything in (False, True))
    for words in ("✗ bowl right of plate", "contradicted: it is not", "asked mirrored: disagrees: No.", "confirmed (97% sure)"):
        assert words in brief
    for words in ("asked exchanged: agrees: Yes.", "✓ 1 cup projects onto 2 cup", "2 cup looked at twice: IoU 0.83"):
        assert words not in brief
        assert words in full
    assert evidence.hides_something(ANSWER)
    assert not evidence.hides_something(Answer("Where?", "free", "There.", ()))


def test_the_camera_that_was_used_is_told_with_its_source_and_its_lens() -> None:
    lens = Distortion(LensModel.FISHEYE, (0.1, 0.0, 0.0, 0.0))
    camera = Intrinsics(500, 320, 240, "calibration c.yml, made for 640×480 px", distortion=lens)
    seen = replace(ANSWER, pictures=(PictureRef("a.png", 640, 480, "", camera),))
    said = "camera: calibration c.yml, made for 640×480 px (fisheye distortion)"
    assert f"metres are the model's estimate; {said}" in reply.plain(told(seen), Manner(UNICODE)).plain
    flat = reply.plain(told(replace(seen, boxes3d=(), checks=())), Manner(UNICODE)).plain
    assert said in flat
    assert "metres" not in flat


def test_a_check_that_fails_is_shown_unasked() -> None:
    failed = replace(ANSWER.checks[0], verdict=Verdict(Ruling.CONTRADICTED, -4, "they are far apart"))
    assert "✗ 1 cup projects onto 2 cup" in reply.plain(told(replace(ANSWER, checks=(failed,))), Manner(UNICODE)).plain


async def test_the_row_of_a_claim_lights_its_words(scripted: Scripted) -> None:
    def at(left: int, label: str) -> Say:
        return Say(json.dumps([{"bbox_2d": [left, 400, left + 100, 500], "label": label}]))

    said = "Yes, the red circle is left of the blue square."
    app, _ = scripted((Say(said),), (at(100, "red circle"),), (at(700, "blue square"),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Is the red circle left of the blue square?")
        await hand.answered()
        table = hand.screen.query_one(FindingsTable)
        assert lit_words(hand) == ""
        table.focus()
        table.move_cursor(row=table.row_count - 1)
        await hand.until(lambda: "left" in lit_words(hand))
        assert "red circle is left of the blue square" in lit_words(hand).replace("|", "")
        table.move_cursor(row=0)
        await hand.until(lambda: lit_words(hand) == "")
        table.move_cursor(row=table.row_count - 1)
        await hand.until(lambda: lit_words(hand) != "")
        hand.line.focus()
        await hand.until(lambda: lit_words(hand) == "")


def lit_words(hand: Hand) -> str:
    from tui.widgets.turn_view import PartView

    contents = [view.laid.content(1000) for view in hand.turns[-1].query(PartView)]
    return "|".join(filter(None, (styled(content, "reverse") for content in contents)))
