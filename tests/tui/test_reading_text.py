"""The key that has the text in a picture read: by the real reader, over an engine that must not be asked."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event

import pytest
from PIL import Image, ImageDraw, ImageFont

from backend.events import Done
from backend.export.palette import COLOURS, READ, colour_for, colour_of
from backend.scene import Box, Point
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted
from tui.available import available
from tui.conversation import Stage
from tui.opening import Opening
from tui.preview.canvas import packed
from tui.reading_text import QUESTION, TextReading
from tui.widgets.findings_table import FindingsTable


@pytest.fixture
def sign(tmp_path: Path) -> Path:
    """A picture with EXIT on its right and a red circle on its left."""
    image = Image.new("RGB", (480, 360), (235, 235, 230))
    draw = ImageDraw.Draw(image)
    draw.ellipse((40, 120, 120, 200), (210, 30, 30))
    draw.text((260, 130), "EXIT", (20, 20, 20), ImageFont.load_default(64))
    path = tmp_path / "signs" / "exit.png"
    path.parent.mkdir()
    image.save(path)
    return path


async def test_a_key_reads_the_text_and_asks_the_model_nothing(scripted: Scripted, sign: Path) -> None:
    app, engine = scripted(opening=Opening(sign.parent))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f9")
        await hand.answered()
        (turn,) = hand.turns
        assert turn.exchange.question == QUESTION
        (word,) = turn.exchange.findings
        assert isinstance(word, Box)
        assert (word.label, word.found_by) == ("EXIT", "ocr")
        assert 240 < word.x1 < 280 < 380 < word.x2 < 430, "pixels of the picture"
        assert "EXIT" in hand.reply()
        assert "read by RapidOCR, not by the model" in hand.reply()
        await hand.until(lambda: "EXIT" in hand.picture)
        assert hand.screen.query_one(FindingsTable).row_count == 1
        frame = hand.pane.frame
        assert frame is not None
        assert packed(READ) in {run.background for row in frame.rows for run in row}
        assert engine.requests == []


async def test_what_was_read_is_a_witness_of_later_answers(scripted: Scripted, sign: Path) -> None:
    said = "Yes, the red circle is left of the sign that says EXIT."
    circle = '[{"bbox_2d": [83, 333, 250, 556], "label": "red circle"}]'
    app, engine = scripted((Say(said),), (Say(circle),), opening=Opening(sign.parent))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f8")  # no second looks
        await pilot.press("f9")
        await hand.answered()
        await hand.ask("Is the red circle left of the sign that says EXIT?")
        await hand.answered(2)
        assert len(hand.turns[0].exchange.findings) == 1, "the line that was read"
        grounds = [(box.id, box.label) for box in hand.turns[1].exchange.findings if isinstance(box, Box)]
        assert sorted(label for _, label in grounds) == ["red circle", "sign that says EXIT"], "what the answer is about alone"
        (claim,) = hand.turns[1].exchange.claims
        assert claim.verdict is not None
        assert claim.verdict.ruling.value == "confirmed"
        assert [witness.kind for witness in claim.witnesses] == ["words"]
        assert "was read at" in claim.witnesses[0].reason
        assert len(engine.requests) == 2, "the answer, and the circle: the sign was read, not looked for"
        assert len(engine.requests[0].messages) == 1, "reading is no turn that the model is told"
        await pilot.press("ctrl+l")
        await hand.until(lambda: not hand.turns)
        assert hand.screen._dialogue.latest is None


async def test_a_picture_without_text_says_so(scripted: Scripted, sign: Path) -> None:
    Image.new("RGB", (480, 360), (90, 120, 150)).save(sign)
    app, _ = scripted(opening=Opening(sign.parent))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f9")
        await hand.answered()
        assert "No text was read." in hand.reply()


async def test_without_the_extra_it_says_how_to_get_it(scripted: Scripted, sign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    app, _ = scripted(opening=Opening(sign.parent))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f9")
        await hand.answered()
        assert hand.turns[0].exchange.stage is Stage.FAILED
        assert "sightline[ocr]" in "".join(hand.reply().split())
        assert hand.line.value == "", "what a key asked is not offered to be typed again"


async def test_a_file_that_is_gone_is_named(scripted: Scripted, sign: Path) -> None:
    app, _ = scripted(opening=Opening(sign.parent))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        sign.unlink()
        await pilot.press("f9")
        await hand.answered()
        assert "exit.png" in hand.reply()


async def test_reading_can_be_stopped_and_comes_too_late_then(
    scripted: Scripted, sign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, read = Event(), TextReading.read

    def slow(self: TextReading, request: str, path: Path) -> object:
        gate.wait(60)
        return read(self, request, path)

    monkeypatch.setattr(TextReading, "read", slow)
    app, _ = scripted(opening=Opening(sign.parent))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f9")
        await hand.status_says("reading the text")
        await pilot.press("escape")
        await hand.answered()
        assert any("cannot be interrupted" in notice for notice in hand.notices())
        gate.set()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        exchange = hand.turns[0].exchange
        assert (exchange.stage, exchange.findings) == (Stage.CANCELLED, [])


def test_the_reader_is_loaded_once(sign: Path) -> None:
    from tui.preview.gallery import Gallery

    reading = TextReading(Gallery())
    first, second = reading.read("a", sign), reading.read("b", sign)
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert first.answer.boxes == second.answer.boxes
    assert first.answer.as_dict()["boxes"][0]["found_by"] == "ocr"
    assert first.answer.turn == ("", ""), "nothing that a later question would repeat"


@pytest.mark.parametrize(
    ("running", "picture", "film", "can"),
    [(False, True, False, True), (True, True, False, None), (False, False, False, None), (False, True, True, None)],
)
def test_text_is_read_in_a_picture_while_nothing_runs(running: bool, picture: bool, film: bool, can: bool | None) -> None:
    assert available("read_text", (), running=running, picture=picture, choosing=False, film=film) is can


def test_text_that_was_read_has_a_colour_of_its_own() -> None:
    read = Box(0, 0, 9, 9, "EXIT", found_by="ocr")
    assert {colour_for(index, read) for index in range(9)} == {READ}
    assert READ not in COLOURS
    assert [colour_for(2, thing) for thing in (Box(0, 0, 9, 9), Point(1, 1))] == [colour_of(2)] * 2
