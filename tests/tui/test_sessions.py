"""Sessions in the app: it opens where it was left, whatever ended it, and goes from one to another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.memory.journal import Journal
from backend.memory.session_values import Outcome
from backend.memory.sessions import OpenSession, Sessions
from tests.scripted import Hold, Say
from tests.tui.conftest import Hand, Scripted, located, text_of
from tui.exchange import Stage
from tui.opening import Opening
from tui.screens.sessions import SessionsScreen
from tui.session_app import opening_in
from tui.widgets.session_list import SessionList

QUESTION = "Locate every object"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "data" / "journal.db")


@pytest.fixture
def sessions(journal: Journal) -> Sessions:
    return Sessions(journal.path)


Opened = Callable[[], OpenSession]


@pytest.fixture
def opened(sessions: Sessions, scenes: Path) -> Opened:
    """The session on the scenes, gone on with where there is one."""
    return lambda: sessions.resume_last((scenes,)) or sessions.begin((scenes,))


async def test_the_app_opens_where_it_was_left(scripted: Scripted, journal: Journal, opened: Opened, scenes: Path) -> None:
    app, _ = scripted((Say(located(2)),), journal=journal, session=opened())
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("j")
        await hand.until(lambda: "scene-2" in hand.caption)
        await hand.ask(QUESTION)
        await hand.answered()
        await hand.settled()
        hand.line.value = "and where is"
        drawn, said = hand.picture, hand.reply()
        app.exit()
    session = opened()
    assert session.resumed
    app, _ = scripted(journal=journal, session=session, opening=opening_in(session.head))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: hand.turns)
        await hand.settled()
        await hand.until(lambda: hand.picture == drawn)
        assert hand.files.current is not None
        assert hand.files.current.path == scenes / "scene-2.png"
        assert (hand.line.value, hand.line.has_focus) == ("and where is", True)
        assert hand.reply() == said
        assert any("Resumed scenes" in notice for notice in hand.notices())


async def test_a_follow_up_knows_what_was_said_before(scripted: Scripted, journal: Journal, opened: Opened) -> None:
    app, _ = scripted((Say(located(1)),), journal=journal, session=opened())
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask(QUESTION)
        await hand.answered()
    app, engine = scripted((Say("[]"),), journal=journal, session=opened())
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: hand.turns)
        await hand.ask("Where is the cup?")
        await hand.answered(2)
    assert located(1) in str(engine.requests[-1].messages)


async def test_a_stream_is_kept_while_it_runs_and_resumes_as_interrupted(
    scripted: Scripted, journal: Journal, opened: Opened, sessions: Sessions
) -> None:
    gate = Hold()
    app, _ = scripted((Say("The cup stands to the left of the plate, and"), gate), journal=journal, session=(first := opened()))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Describe the picture")

        def on_the_disk() -> str:
            kept = [one for conversation in sessions.load(first.head.key).conversations for one in conversation.exchanges]
            return kept[0].text if kept and kept[0].outcome is Outcome.RUNNING else ""

        await hand.until(lambda: sessions.keys() and on_the_disk().endswith("plate, and"))
    app, _ = scripted(journal=journal, session=opened())
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: hand.turns)
        assert hand.turns[0].exchange.stage is Stage.INTERRUPTED
        assert "The cup stands to the left of the plate, and" in hand.reply()
        assert "interrupted" in hand.reply()


@pytest.mark.parametrize(("what", "said"), [("changed", "has changed since"), ("missing", "is not there any more")])
async def test_what_became_of_the_picture_is_said(
    what: str, said: str, scripted: Scripted, journal: Journal, opened: Opened, scenes: Path
) -> None:
    app, _ = scripted((Say(located(1)),), journal=journal, session=opened())
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask(QUESTION)
        await hand.answered()
    picture = scenes / "scene-1.png"
    if what == "missing":
        picture.unlink()
    else:
        picture.write_bytes((scenes / "scene-2.png").read_bytes())
    session = opened()
    app, _ = scripted(journal=journal, session=session, opening=opening_in(session.head))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: len(app.screen_stack) > 1 and hand.turns)
        await hand.until(lambda: said in hand.reply())
        if what == "missing":
            await hand.until(lambda: "scene-1.png" in text_of(hand.screen, "#picture-instead"))


async def test_a_picture_that_was_only_touched_is_the_same(
    scripted: Scripted, journal: Journal, opened: Opened, scenes: Path
) -> None:
    app, _ = scripted((Say(located(1)),), journal=journal, session=opened())
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask(QUESTION)
        await hand.answered()
    (scenes / "scene-1.png").touch()
    app, _ = scripted(journal=journal, session=opened())
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: hand.turns)
        assert hand.turns[0].exchange.since == ""


async def test_marked_pictures_and_their_conversation_come_back(
    scripted: Scripted, journal: Journal, opened: Opened, scenes: Path
) -> None:
    app, _ = scripted((Say("Both show shapes."),), journal=journal, session=opened())
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        hand.files.focus()
        await pilot.press("j", "space", "k", "space")
        await hand.ask("What do they show?")
        await hand.answered()
        app.exit()
    app, _ = scripted(journal=journal, session=opened())
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: hand.turns)
        assert hand.files.order.pictures == (scenes / "scene-2.png", scenes / "scene-1.png")
        assert "Both show shapes." in hand.reply()


async def test_a_conversation_that_was_forgotten_does_not_come_back(
    scripted: Scripted, journal: Journal, opened: Opened
) -> None:
    app, _ = scripted((Say(located(1)),), journal=journal, session=opened())
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask(QUESTION)
        await hand.answered()
        await pilot.press("ctrl+l")
        await hand.until(lambda: not hand.turns)
        await hand.ask("Where is the cup?")
        await hand.answered()
    app, _ = scripted(journal=journal, session=opened())
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: hand.turns)
        assert [turn.exchange.question for turn in hand.turns] == ["Where is the cup?"]


async def listed(hand: Hand, count: int) -> SessionList:
    """The list of sessions, once it holds so many."""
    await hand.pilot.press("f10")
    await hand.until(lambda: isinstance(hand.pilot.app.screen, SessionsScreen))
    shown = hand.pilot.app.screen.query_one(SessionList)
    await hand.until(lambda: shown.count == count and (count == 0 or shown.current is not None))
    return shown


async def test_from_one_session_to_another_and_to_a_new_one(
    scripted: Scripted, journal: Journal, opened: Opened, sessions: Sessions, scenes: Path
) -> None:
    app, _ = scripted((Say(located(1)),), journal=journal, session=(first := opened()))
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


async def test_without_a_memory_nothing_is_kept(scripted: Scripted, tmp_path: Path) -> None:
    app, _ = scripted((Say("[]"),))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Where is the cup?")
        await hand.answered()
        await pilot.press("f10")
        await hand.until(lambda: any("No sessions are kept" in notice for notice in hand.notices()))
    assert not list(tmp_path.glob("data/*"))
