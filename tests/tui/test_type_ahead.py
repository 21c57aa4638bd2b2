"""Keys that come in one breath reach whom they were typed for, wherever the first of them goes."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App
from textual.widgets import Input

from tests.scripted import Hold, Say
from tests.tui.conftest import Hand, Scripted, located
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.screens.search import SearchScreen
from tui.type_ahead import TypeAhead
from tui.widgets.conversation_pane import ConversationPane


def burst(app: App[None], *keys: str) -> None:
    """All of them at once, as the terminal hands over what it got in one piece."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize("key", ["enter", "a"])
async def test_a_question_typed_behind_the_key_that_goes_to_its_line(scripted: Scripted, key: str) -> None:
    """Its letters are keys of the files: j moves the cursor there, a and m mean something."""
    app, _engine = scripted((Say("Yes."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        at = hand.files.cursor
        burst(app, key, *"jam", "enter", *"next")
        await hand.answered()
        assert hand.turns[0].exchange.question == "jam"
        await hand.until(lambda: hand.line.value == "next")
        assert hand.files.cursor == at
        assert not hand.files.order.pictures


async def test_what_is_pasted_comes_behind_what_was_typed_before(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        burst(app, "enter", "w")
        app.post_message(events.Paste("here  is\n"))
        burst(app, " ", "i", "t")
        await hand.until(lambda: hand.line.value == "where is it")


async def test_letters_behind_the_filter_key_filter(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        burst(app, "slash", *"ne-3", "enter")
        await hand.until(lambda: [entry.name for entry in hand.files.shown] == ["scene-3.png"] and hand.files.has_focus)
        burst(app, "enter", "x")
        await hand.until(lambda: hand.line.value == "x")


async def test_letters_behind_a_key_that_opens_a_screen_are_typed_into_it(scripted: Scripted) -> None:
    app, _engine = scripted((Say("One."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        burst(app, "f1", *"jump")
        await hand.until(lambda: isinstance(app.screen, HelpScreen) and app.screen.query_one(Input).value == "jump")
        burst(app, "escape", "enter", *"first?", "enter")
        await hand.answered()
        burst(app, "ctrl+r", *"frst")
        await hand.until(lambda: isinstance(app.screen, SearchScreen) and app.screen.query_one(Input).value == "frst")
        await hand.until(lambda: app.screen.query_one("OptionList").option_count == 1)  # type: ignore[attr-defined]
        burst(app, "enter", *" again")
        await hand.until(lambda: hand.line.value == "first? again")


async def test_jump_mode_takes_its_letter_from_the_same_breath(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        burst(app, "f11", "s", "plus", "plus")
        await hand.until(lambda: hand.pane.has_focus and not hand.pane.viewport.is_whole)


async def test_the_key_behind_tab_and_behind_esc_is_for_the_part_gone_to(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        at = hand.files.cursor
        burst(app, "tab", "plus", "escape", "j", "enter", "q")
        await hand.until(lambda: hand.line.value == "q")
        assert hand.files.cursor == at + 1


async def test_an_earlier_question_is_changed_without_a_pause(scripted: Scripted) -> None:
    app, _engine = scripted((Say("One."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("first")
        await hand.answered()
        pane = hand.screen.query_one(ConversationPane)
        pane.focus()
        await hand.until(lambda: pane.has_focus)
        burst(app, "e", *"ly")
        await hand.until(lambda: hand.line.value == "firstly")


async def test_keys_are_not_lost_where_the_way_is_closed(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that goes away with what was sent after the key: the keys go on after a while all the same."""
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        monkeypatch.setattr("tui.type_ahead._LONGEST_S", 0.5)
        monkeypatch.setattr(TypeAhead, "_followed", lambda *_: None)
        monkeypatch.setattr(TypeAhead, "_follow", _nothing)
        burst(app, "enter", *"kept")
        await hand.until(lambda: hand.line.value == "kept")


async def _nothing(*_: object, **__: object) -> None:
    pass


async def test_keys_that_only_move_do_not_wait(scripted: Scripted) -> None:
    """While the conversation is busy with an answer the cursor goes on."""
    gate = Hold()
    app, _engine = scripted((Say(located(1)[:30]), gate, Say("")))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.until(lambda: bool(hand.turns) and bool(hand.turns[0].exchange.text))
        hand.files.focus()
        await hand.until(lambda: hand.files.has_focus)
        at = hand.files.cursor
        burst(app, "j", "j", "k")
        await hand.until(lambda: hand.files.cursor == at + 1)
        assert app._left is None
        gate.gate.set()
        assert isinstance(app.screen, MainScreen)
