"""Reasoning in the app: counted while it comes, folded unless it is wanted, and never part of the answer."""

from __future__ import annotations

from tests.scripted import EndThought, Hold, Say, Think
from tests.tui.conftest import Hand, Scripted, text_of
from tui.conversation import Stage
from tui.widgets.question_line import QuestionLine


def thoughts(hand: Hand, index: int = -1) -> str:
    """What stands between a question and its reply."""
    return text_of(hand.turns[index], ".turn-thoughts")


def footer_keys(hand: Hand) -> set[str]:
    return {active.binding.action for active in hand.screen.active_bindings.values() if active.binding.show}


async def test_reasoning_is_counted_and_folded(scripted: Scripted) -> None:
    gates = [Hold(), Hold()]
    app, _ = scripted((Think("hm" * 40), gates[0], EndThought(80), gates[1], Say("It is red.")))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert "show_thoughts" not in footer_keys(hand)
        await hand.ask("Which colour?")
        await hand.until(lambda: bool(hand.turns) and thoughts(hand) == "▸ thinking, 80 tokens")
        await hand.status_says("thinking, 80 tokens")
        assert hand.turns[0].exchange.stage is Stage.THINKING
        assert "show_thoughts" in footer_keys(hand)
        gates[0].gate.set()
        await hand.until(lambda: thoughts(hand) == "▸ thought for 80 tokens (4.1 s)")
        gates[1].gate.set()
        await hand.answered()
        assert thoughts(hand) == "▸ thought for 80 tokens (4.1 s)"
        assert hand.reply().startswith("It is red.")
        assert "hmhm" not in hand.reply()


async def test_a_key_unfolds_it_while_it_streams_and_folds_it_again(scripted: Scripted) -> None:
    gate = Hold()
    app, _ = scripted((Think("The \x1b[31m[red]circle"), gate, Think(" is left."), EndThought(30), Say("Left.")))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Where is it?")
        await hand.until(lambda: bool(hand.turns) and hand.turns[0].exchange.thoughts > 0)
        await pilot.press("ctrl+o")
        await hand.until(lambda: "The \\e[31m[red]circle" in thoughts(hand))
        assert thoughts(hand).startswith("▾ thinking")
        assert isinstance(app.focused, QuestionLine)
        gate.gate.set()
        await hand.answered()
        assert thoughts(hand) == "▾ thought for 30 tokens (4.1 s)\nThe \\e[31m[red]circle is left."
        await pilot.press("ctrl+o")
        await hand.until(lambda: thoughts(hand) == "▸ thought for 30 tokens (4.1 s)")


async def test_where_nothing_was_reasoned_nothing_is_said_of_it(scripted: Scripted) -> None:
    app, _ = scripted((Say("It is red."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Which colour?")
        await hand.answered()
        assert thoughts(hand) == ""
        assert not hand.turns[0].query_one(".turn-thoughts").display


async def test_a_model_that_thinks_unasked_is_folded_too(scripted: Scripted) -> None:
    app, _ = scripted((Say("<think>hm, red</think>It is red."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Which colour?")
        await hand.answered()
        assert thoughts(hand) == "▸ thought for 7 tokens"
        assert hand.reply().startswith("It is red.")


async def test_an_empty_answer_is_a_failure_and_the_engine_goes_on(scripted: Scripted) -> None:
    app, engine = scripted((Think("hm"), EndThought(2)), (Say("It is red."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Which colour?")
        await hand.answered()
        assert "the model reasoned for 2 tokens and then said nothing" in hand.reply()
        assert "restarts" not in hand.status
        assert hand.line.value == "Which colour?"
        await pilot.press("enter")
        await hand.answered(2)
        assert len(engine.requests[1].messages) == 1
