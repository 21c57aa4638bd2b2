"""Questions in the app: what streams, what is drawn, and what happens when it is stopped or fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.coordinate import Coordinate

from backend.errors import EngineFailure
from backend.spatial.known_camera import GivenCamera
from tests.scripted import Break, Encode, Hold, Load, Prefill, Say
from tests.tui.conftest import Hand, Scripted, located, scene
from tui.conversation import Stage
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.findings_table import FindingsTable


async def test_an_answer_draws_its_boxes_and_fills_the_table(scripted: Scripted) -> None:
    app, _ = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        names = [thing.name for thing in scene(1).objects]
        await hand.until(lambda: all(f"{n} {name}" in hand.picture for n, name in enumerate(names[:1], 1)))
        assert "┌" in hand.picture
        assert hand.screen.query_one(FindingsTable).row_count == len(names)
        assert all(name in hand.reply() for name in names)
        assert "bbox" not in hand.reply()


async def test_the_camera_that_the_app_was_opened_with_is_asked_with_and_told(scripted: Scripted) -> None:
    app, _ = scripted((Say(located(1)),), camera=GivenCamera(hfov=70))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        assert "camera: given: 70° across" in hand.reply()


async def test_boxes_appear_while_the_answer_is_still_streaming(scripted: Scripted) -> None:
    answer = located(1)
    first = answer.index("}") + 1
    gate = Hold()
    app, _ = scripted((Say(answer[:first]), gate, Say(answer[first:])))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.until(lambda: "1 " in hand.picture)
        assert not hand.turns[0].exchange.stage.over
        assert "answering" in hand.status
        gate.gate.set()
        await hand.answered()
        assert len(hand.turns[0].exchange.findings) == len(scene(1).objects)


async def test_the_status_line_follows_the_stages(scripted: Scripted) -> None:
    gates = [Hold(), Hold(), Hold()]
    app, _ = scripted((Load(0.42), gates[0], Encode(3, 4), gates[1], Prefill(60, 90, 30), gates[2], Say("Yes.")))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Is it there?")
        for gate, words in zip(
            gates, ("loading the model 42 %", "looking at the picture 3/4 layers", "30 reused"), strict=True
        ):
            await hand.status_says(words)
            gate.gate.set()
        await hand.answered()
        await hand.until(lambda: "ready, 50 tokens/s" in hand.status)


async def test_escape_stops_the_answer_and_hands_the_question_back(scripted: Scripted) -> None:
    app, _ = scripted((Say("There is "), Hold(), Say("more")))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("What is there?")
        await hand.until(lambda: bool(hand.turns) and hand.turns[0].exchange.text == "There is ")
        await pilot.press("escape")
        await hand.answered()
        assert hand.turns[0].exchange.stage is Stage.CANCELLED
        assert "There is" in hand.reply()
        assert "stopped" in hand.reply()
        assert hand.line.value == "What is there?"


async def test_a_second_question_waits_for_the_first(scripted: Scripted) -> None:
    gate = Hold()
    app, engine = scripted((Say("One."), gate))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("First?")
        await hand.until(lambda: len(engine.requests) == 1)
        await hand.ask("Second?")
        await hand.until(lambda: "Esc stops the current answer first." in hand.notices())
        assert hand.line.value == "Second?"
        assert len(hand.turns) == 1
        gate.gate.set()
        await hand.answered()


async def test_a_failure_is_shown_with_its_cure_and_the_next_question_works(scripted: Scripted) -> None:
    app, _ = scripted(
        (Say("It "), Break(EngineFailure("the engine process ended", cure="ask again: it is started anew"))),
        (Say("It is red."),),
    )
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Which colour?")
        await hand.answered()
        assert "the engine process ended" in hand.reply()
        assert "ask again: it is started anew" in hand.reply()
        assert hand.line.value == "Which colour?"
        await pilot.press("enter")
        await hand.answered(2)
        assert "It is red." in hand.reply()


async def test_the_selected_row_lights_up_and_leaving_the_table_puts_it_out(scripted: Scripted) -> None:
    app, _ = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        await hand.until(lambda: "┌" in hand.picture)
        hand.screen.query_one(FindingsTable).focus()
        await hand.until(lambda: "┃" in hand.picture)
        first = hand.picture
        await pilot.press("j")
        await hand.until(lambda: "┃" in hand.picture and hand.picture != first)
        hand.line.focus()
        await hand.until(lambda: "┃" not in hand.picture)


async def test_a_relation_is_shown_with_its_verdict(scripted: Scripted) -> None:
    """Names without a box are asked for behind the scenes; geometry then rules on the boxes."""

    def at(left: int, label: str) -> Say:
        return Say(json.dumps([{"bbox_2d": [left, 400, left + 100, 500], "label": label}]))

    app, _ = scripted(
        (Say("Yes, the red circle is left of the blue square."),), (at(100, "red circle"),), (at(700, "blue square"),)
    )
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Is the red circle left of the blue square?")
        await hand.answered()
        assert "✓ red circle left of blue square" in hand.reply()
        table = hand.screen.query_one(FindingsTable)
        assert [str(table.get_cell_at(Coordinate(2, column))).strip() for column in range(3)] == [
            "✓",
            "1 left of 2",
            "confirmed",
        ]
        table.focus()
        table.move_cursor(row=2)
        await hand.until(lambda: hand.picture.count("┏") == 2)


async def test_text_of_the_model_is_shown_as_it_is(scripted: Scripted) -> None:
    app, _ = scripted((Say("[red]not markup[/red] \x1b[31mnor an escape"),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("[bold]What[/bold]?")
        await hand.answered()
        assert "[red]not markup[/red] \\e[31mnor an escape" in hand.reply()


async def test_the_models_own_words_are_a_key_away(scripted: Scripted) -> None:
    app, _ = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        assert "bbox_2d" not in hand.reply()
        hand.screen.query_one(ConversationPane).focus()
        await pilot.press("w")
        await hand.until(lambda: "bbox_2d" in hand.reply())


async def test_saving_writes_beside_the_picture_and_over_nothing(scripted: Scripted, scenes: Path) -> None:
    app, _ = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        await pilot.press("ctrl+s")
        await hand.until((scenes / "scene-1-sightline.png").exists)
        await hand.until(lambda: any("Saved" in notice for notice in hand.notices()))
        await pilot.press("ctrl+s")
        await hand.until((scenes / "scene-1-sightline-2.png").exists)


async def test_leaving_in_mid_answer_leaves_at_once(scripted: Scripted) -> None:
    app, engine = scripted((Say("It is "), Hold()))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("What is it?")
        await hand.until(lambda: bool(hand.turns) and hand.turns[0].exchange.text != "")
        await pilot.press("ctrl+q")
    assert engine.closed


async def test_hundreds_of_boxes_join_the_table_as_they_come(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is not made anew for each of them: the time would grow with the square of their number."""
    boxes = [
        {"bbox_2d": [n % 20 * 40, n // 20 * 50, n % 20 * 40 + 30, n // 20 * 50 + 40], "label": f"seed {n}"} for n in range(300)
    ]
    filled: list[int] = []
    fill = FindingsTable._fill

    def counted(table: FindingsTable) -> None:
        filled.append(1)
        fill(table)

    monkeypatch.setattr(FindingsTable, "_fill", counted)
    app, _ = scripted((Say(json.dumps(boxes)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        filled.clear()
        await hand.ask("Locate every object")
        await hand.answered()
        table = hand.screen.query_one(FindingsTable)
        assert table.row_count == 300
        assert [str(cell) for cell in table.get_row_at(299)[:2]] == ["300 ", "seed 299"]
        assert len(filled) < 10
