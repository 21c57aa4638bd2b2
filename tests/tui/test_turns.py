"""The cursor in the conversation: what it stands on lights up, and what is done with turns changes the path, and loses none."""

from __future__ import annotations

import json

from tests.scripted import End, EndThought, Hold, Say, Think
from tests.tui.conftest import Hand, Scripted, at_work, text_of
from tui.conversation import Exchange, Stage
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.findings_table import FindingsTable
from tui.widgets.turn_view import PartView, TurnView

SAID = "I see two things. The **red circle** is left of the blue square.\n\n- So there."


def at(left: int, label: str) -> Say:
    return Say(json.dumps([{"bbox_2d": [left, 400, left + 100, 500], "label": label}]))


def lit(hand: Hand) -> frozenset[int]:
    """The findings that stand out in the picture."""
    return hand.pane._selected


def pointed(hand: Hand) -> list[int]:
    """The rows of the table that stand out."""
    table = hand.screen.query_one(FindingsTable)
    return [row for row in range(table.row_count) if "reverse" in str(table.get_row_at(row)[1].style)]


def under_cursor(hand: Hand) -> str:
    """The words that the cursor is on."""
    view = hand.turns[-1]
    said = [(part.laid.content(1000), part) for part in view.query(PartView)]
    marked = [
        content.plain[span.start : span.end]
        for content, _ in said
        for span in content.spans
        if "block-cursor-background" in str(span.style)
    ]
    return "".join(marked)


async def claimed(hand: Hand) -> None:
    await hand.ready()
    await hand.pilot.press("f8")  # no second looks
    await hand.ask("Is the red circle left of the blue square?")
    await hand.answered()


async def test_each_sentence_lights_what_it_names(scripted: Scripted) -> None:
    app, _ = scripted((Say(SAID),), (at(100, "red circle"),), (at(700, "blue square"),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await claimed(hand)
        assert [finding.label for finding in hand.turns[0].exchange.findings] == ["red circle", "blue square"]
        hand.screen.query_one(ConversationPane).focus()
        await hand.until(lambda: hand.turns[0].has_cursor)
        assert lit(hand) == frozenset()
        await pilot.press("j")
        await hand.until(lambda: under_cursor(hand) == "I see two things.")
        assert lit(hand) == frozenset()
        await pilot.press("down")
        await hand.until(lambda: lit(hand) == {0, 1})
        assert under_cursor(hand) == "The red circle is left of the blue square."
        assert pointed(hand) == [0, 1, 2], "both boxes and the claim about them"
        part = next(iter(hand.turns[0].query(PartView)))
        row, column = next((y, x) for y in range(3) if (x := part.render_line(y).text.find("circle")) >= 0)
        told, plain = (next(s.style for s in part.render_line(row).crop(x, x + 1)) for x in (column, 0))
        cursor = next(iter(hand.turns[0].query_one(".turn-question").render_line(0).crop(1, 2))).style
        assert told is not None
        assert cursor is not None
        assert told.bgcolor == cursor.bgcolor, "the cursor's colour, under the colour of the verdict"
        assert plain is None or plain.color != told.color
        await pilot.press("j")
        await hand.until(lambda: under_cursor(hand) == "So there." and not lit(hand) and not pointed(hand))
        await pilot.press("j")  # the first name below the words
        await hand.until(lambda: lit(hand) == {0} and pointed(hand) == [0])
        await pilot.press("j", "j", "j")
        await hand.until(
            lambda: lit(hand) == {0, 1},
        )
        assert pointed(hand) == [0, 1, 2]
        await pilot.press("k", "k", "k", "k")
        await hand.until(lambda: under_cursor(hand).startswith("The red circle"))
        hand.line.focus()
        await hand.until(lambda: not lit(hand) and under_cursor(hand) == "" and not hand.turns[0].has_cursor)


async def test_the_mouse_does_the_same(scripted: Scripted) -> None:
    app, _ = scripted((Say(SAID),), (at(100, "red circle"),), (at(700, "blue square"),))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await claimed(hand)
        part = hand.turns[0].query(PartView).first()
        where = part.laid.content(part.content_size.width).plain.split("\n")
        row = next(number for number, line in enumerate(where) if "circle" in line)
        await pilot.hover(part, offset=(where[row].index("circle"), row))
        await hand.until(lambda: lit(hand) == {0, 1})
        await pilot.hover(hand.files, offset=(1, 9))
        await hand.until(lambda: not lit(hand))
        await pilot.click(part, offset=(where[row].index("circle"), row))
        await hand.until(lambda: lit(hand) == {0, 1} and under_cursor(hand).startswith("The red circle"))
        assert isinstance(app.focused, ConversationPane)


async def test_an_edited_question_is_asked_on_a_branch(scripted: Scripted) -> None:
    app, engine = scripted((Say("Red."),), (Say("Left."),), (Say("Blue."),))
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("Which colour is it?")
        await hand.answered()
        await hand.ask("And where?")
        await hand.answered(2)
        hand.line.value = "half a question"
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("k", "e")
        await hand.until(lambda: hand.line.value == "Which colour is it?" and app.focused is hand.line)
        await hand.pilot.press("escape")
        await hand.until(lambda: hand.line.value == "half a question" and app.focused is hand.line)
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("g", "e")
        await hand.until(lambda: hand.line.value == "Which colour is it?")
        await hand.pilot.press(*" now", "enter")
        await hand.until(lambda: len(hand.turns) == 1 and "Blue." in hand.reply())
        assert hand.line.value == "half a question"
        assert text_of(hand.turns[0], ".turn-question").endswith("‹2/2›")
        assert len(engine.requests[2].messages) == 1, "what followed the first question is not told"
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("h")
        await hand.until(lambda: len(hand.turns) == 2 and "Left." in hand.reply())
        assert text_of(hand.turns[0], ".turn-question").endswith("‹1/2›")
        await hand.pilot.press("l")
        await hand.until(lambda: len(hand.turns) == 1 and "Blue." in hand.reply())


async def test_asked_again_it_has_another_seed_and_the_first_answer_stays(scripted: Scripted) -> None:
    app, engine = scripted((Say("Red."),), (Say("Blue."),))
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("Which colour is it?")
        await hand.answered()
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("r")
        await hand.until(lambda: len(hand.turns) == 1 and "Blue." in hand.reply())
        assert engine.requests[0].messages == engine.requests[1].messages
        assert [request.sampling.seed for request in engine.requests] == [0, 1]
        assert any("likeliest" in notice for notice in hand.notices()), "this model is not sampled from"
        assert hand.line.value == ""


async def test_a_branch_goes_on_from_an_earlier_answer(scripted: Scripted) -> None:
    app, engine = scripted((Say("Red."),), (Say("Left."),), (Say("Small."),))
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("Which colour?")
        await hand.answered()
        await hand.ask("And where?")
        await hand.answered(2)
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("g", "b")
        await hand.until(lambda: len(hand.turns) == 1)
        assert "goes on from here" in text_of(hand.turns[0], ".turn-branch")
        await hand.pilot.press("b")
        await hand.until(lambda: len(hand.turns) == 2)
        await hand.pilot.press("g", "b")
        await hand.until(lambda: len(hand.turns) == 1)
        await hand.ask("How big?")
        await hand.until(lambda: len(hand.turns) == 2 and "Small." in hand.reply())
        assert [len(request.messages) for request in engine.requests] == [1, 3, 3]
        assert text_of(hand.turns[1], ".turn-question").endswith("‹2/2›")
        assert not hand.turns[0].query_one(".turn-branch").display


async def test_while_something_is_answered_turns_wait(scripted: Scripted) -> None:
    gate = Hold()
    app, engine = scripted((Say("Red."),), (gate, Say("Left.")))
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("Which colour?")
        await hand.answered()
        await hand.ask("And where?")
        await hand.until(lambda: len(hand.turns) == 2)
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("g", "r")
        await hand.until(lambda: any("Esc stops" in notice for notice in hand.notices()))
        assert len(engine.requests) == 2
        gate.gate.set()
        await hand.answered(2)


async def test_an_answer_may_be_over_before_its_turn_is_on_the_screen(scripted: Scripted) -> None:
    app, _ = scripted((Say("One."),))
    async with at_work(app) as hand:
        await hand.ask("Describe it")
        await hand.answered()
        first = hand.turns[0]
        turn = TurnView(first.exchange, first.manner)
        mounting = hand.screen.query_one(ConversationPane).mount(turn)
        turn.changed()
        await mounting
        await hand.until(lambda: turn.words == first.words)


async def test_words_stream_without_touching_what_stands(scripted: Scripted) -> None:
    gates = [Hold(), Hold()]
    app, _ = scripted((Say("# One\n\nfirst\n\nsecond"), gates[0], Say(" is long\n\nthird"), gates[1], Say(" **bold**")))
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("Which colour?")
        await hand.until(lambda: bool(hand.turns) and len(hand.turns[0].query(PartView)) == 3)
        first = list(hand.turns[0].query(PartView))
        before = [part.laid for part in first]
        gates[0].gate.set()
        await hand.until(lambda: len(hand.turns[0].query(PartView)) == 4)
        after = list(hand.turns[0].query(PartView))
        assert after[:3] == first, "no part is made anew"
        assert [part.laid for part in after][:2] == before[:2], "what is finished is not laid out again"
        gates[1].gate.set()
        await hand.answered()
        assert "third bold" in hand.reply()


async def test_the_end_is_followed_until_one_looks_elsewhere(scripted: Scripted) -> None:
    gates = [Hold() for _ in range(5)]
    script = [step for gate in gates for step in (*(Say(f"Line {number}.\n\n") for number in range(15)), gate)]
    app, _ = scripted(tuple(script))
    async with at_work(app) as hand:
        conversation = hand.screen.query_one(ConversationPane)

        async def grown() -> None:
            before = conversation.max_scroll_y
            gates.pop(0).gate.set()
            await hand.until(lambda: conversation.max_scroll_y > before)
            await hand.settled()

        await hand.ask("Count")
        await hand.until(lambda: conversation.max_scroll_y > 0)
        await grown()
        assert conversation.scroll_y == conversation.max_scroll_y
        conversation.focus()
        await grown()
        assert conversation.scroll_y == conversation.max_scroll_y, "the focus leaves it where it is"
        await hand.pilot.press("pageup")
        there = conversation.scroll_y
        await grown()
        assert conversation.scroll_y == there
        await hand.pilot.press(*["pagedown"] * 20)
        await hand.until(lambda: conversation.scroll_y == conversation.max_scroll_y)
        await grown()
        assert conversation.scroll_y == conversation.max_scroll_y


async def test_reasoning_is_unfolded_turn_by_turn(scripted: Scripted) -> None:
    app, _ = scripted((Think("hm, red"), EndThought(3), Say("Red.")), (Think("hm, left"), EndThought(3), Say("Left.")))
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("Which colour?")
        await hand.answered()
        await hand.ask("Where?")
        await hand.answered(2)
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("g", "enter")
        await hand.until(lambda: "hm, red" in text_of(hand.turns[0], ".turn-thoughts"))
        assert "hm, left" not in text_of(hand.turns[1], ".turn-thoughts")
        await hand.pilot.press("space")
        await hand.until(lambda: "hm, red" not in text_of(hand.turns[0], ".turn-thoughts"))


async def test_a_turn_is_found_on_whichever_branch_it_is(scripted: Scripted) -> None:
    app, _ = scripted((Say("Red."),), (Say("Left of the anchor."),), (Say("Blue."),))
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("Which colour?")
        await hand.answered()
        await hand.ask("And where?")
        await hand.answered(2)
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("g", "r")
        await hand.until(lambda: len(hand.turns) == 1 and "Blue." in hand.reply())
        await hand.pilot.press("slash")
        await hand.until(lambda: app.screen.id == "search")
        await hand.pilot.press(*"anchor", "enter")
        await hand.until(lambda: len(hand.turns) == 2 and hand.turns[1].has_cursor)


def test_an_exchange_in_anothers_place_has_its_settings() -> None:
    one = Exchange("1", "Where?", (), seed=3, second_looks=False, stage=Stage.CANCELLED, text="so")
    again = one.again("2", seed=4)
    assert (again.question, again.seed, again.second_looks, again.stage, again.text) == ("Where?", 4, False, Stage.WAITING, "")
    assert one.again("3", "And where?").question == "And where?"


async def test_a_stopped_answer_goes_on_from_where_it_ended(scripted: Scripted) -> None:
    app, engine = scripted((Say("It is "), Hold()), (Say("red."),))
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("What colour is it?")
        await hand.until(lambda: bool(hand.turns) and hand.turns[0].exchange.text == "It is ")
        await hand.pilot.press("escape")
        await hand.answered()
        assert "stopped" in hand.reply()
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("c")
        await hand.until(lambda: len(engine.requests) == 2 and "It is red." in hand.reply())
        assert [message.role for message in engine.requests[1].messages] == ["user", "assistant"]
        assert engine.requests[1].messages[-1].parts == ("It is ",)
        assert text_of(hand.turns[0], ".turn-question").endswith("‹2/2›")
        await hand.pilot.press("c")
        await hand.until(lambda: any("all it wanted" in notice for notice in hand.notices()))
        await hand.ask("Sure?")
        await hand.answered(2)
        assert engine.requests[2].messages[1].parts == ("It is red.",), "a follow-up is told both parts as one answer"


async def test_an_answer_that_was_cut_off_goes_on(scripted: Scripted) -> None:
    app, engine = scripted((Say("A long "), End("length")), (Say("story."),))
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("Describe it")
        await hand.answered()
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("c")
        await hand.until(lambda: "A long story." in hand.reply())
        assert engine.requests[1].messages[-1].parts == ("A long ",)
