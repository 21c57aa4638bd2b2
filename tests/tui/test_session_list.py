"""The list of sessions: found by typing, gone to, renamed, exported, deleted and had back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.memory.journal import Journal
from backend.memory.sessions import Sessions
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located
from tui.opening import Opening
from tui.screens.sessions import SessionsScreen
from tui.widgets.session_list import SessionList

QUESTION = "Locate every object"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "data" / "journal.db")


@pytest.fixture
def sessions(journal: Journal) -> Sessions:
    return Sessions(journal.path)


async def listed(hand: Hand, count: int) -> SessionList:
    """The list of sessions, once it holds so many."""
    await hand.pilot.press("f10")
    await hand.until(lambda: isinstance(hand.pilot.app.screen, SessionsScreen))
    shown = hand.pilot.app.screen.query_one(SessionList)
    await hand.until(lambda: shown.count == count and (count == 0 or shown.current is not None))
    return shown


async def test_from_one_session_to_another_and_to_a_new_one(
    scripted: Scripted, journal: Journal, sessions: Sessions, scenes: Path
) -> None:
    app, _ = scripted((Say(located(1)),), journal=journal, session=(first := sessions.begin((scenes,))))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask(QUESTION)
        await hand.answered()
    app, _ = scripted((Say("[]"),), journal=journal, session=sessions.begin((scenes,)), opening=Opening(scenes))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Where is the cup?")
        await hand.answered()
        shown = await listed(hand, 2)
        await pilot.press("j")
        await hand.until(lambda: shown.current is not None and shown.current.head.key == first.head.key)
        await pilot.press("enter")
        await hand.until(lambda: len(app.screen_stack) == 2 and [turn.exchange.question for turn in hand.turns] == [QUESTION])
        assert not sessions.is_open(shown._here or "")
        await listed(hand, 2)
        await pilot.press("n")
        await hand.until(lambda: len(app.screen_stack) == 2 and not hand.turns)
        await hand.ask("Where is the plate?")
        await hand.answered()
    assert {one.last_question for one in sessions.page()} == {QUESTION, "Where is the cup?", "Where is the plate?"}
    assert not any(map(sessions.is_open, sessions.keys()))


async def test_sessions_are_found_renamed_exported_and_deleted(
    scripted: Scripted, journal: Journal, sessions: Sessions, scenes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for question in ("Where is the cup?", "Where is the plate?"):
        app, _ = scripted((Say("[]"),), journal=journal, session=sessions.begin((scenes,)))
        async with app.run_test() as pilot:
            hand = Hand(pilot)
            await hand.ready()
            await hand.ask(question)
            await hand.answered()
    monkeypatch.chdir(scenes / "more")
    app, _ = scripted(journal=journal, session=sessions.begin((scenes,)))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        shown = await listed(hand, 2)
        await pilot.press("slash", *"cup")
        await hand.until(lambda: shown.count == 1)
        await pilot.press("enter", "r", *"Cups", "enter")
        await hand.until(lambda: shown.current is not None and shown.current.head.name == "Cups")
        await pilot.press("e")
        await hand.until(lambda: list((scenes / "more").glob("session-*.json")))
        await hand.until(lambda: any("Saved session-" in notice for notice in hand.notices()))
        told = json.loads(next((scenes / "more").glob("session-*.json")).read_text())
        assert (told["name"], told["conversations"][0]["exchanges"][0]["question"]) == ("Cups", "Where is the cup?")
        await pilot.press("d")
        await hand.until(lambda: shown.count == 0)
        await hand.until(lambda: any("Deleted Cups" in notice for notice in hand.notices()))
        await pilot.press("u")
        await hand.until(lambda: shown.count == 1)
        await pilot.press("escape")
        await hand.until(lambda: len(app.screen_stack) == 2)
    assert {one.head.name for one in sessions.page()} == {"", "Cups"}


async def test_a_session_that_is_open_elsewhere_is_refused(
    scripted: Scripted, journal: Journal, sessions: Sessions, scenes: Path
) -> None:
    app, _ = scripted((Say("[]"),), journal=journal, session=sessions.begin((scenes,)))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Where is the cup?")
        await hand.answered()
    elsewhere = sessions.resume("latest")
    app, _ = scripted(journal=journal, session=sessions.begin((scenes,)))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await listed(hand, 1)
        await pilot.press("enter")
        await hand.until(lambda: any("open in another terminal" in notice for notice in hand.notices()))
        assert not hand.turns
    assert elsewhere.lock is not None
    elsewhere.lock.release()
