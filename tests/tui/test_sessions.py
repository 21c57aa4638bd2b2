"""Sessions in the app: it opens where it was left, whatever ended it, and goes from one to another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.errors import EngineFailure
from backend.memory.journal import Journal
from backend.memory.session_values import Outcome
from backend.memory.sessions import OpenSession, Sessions
from tests.media.film.making import make
from tests.scripted import Break, Hold, Say
from tests.tui.conftest import Hand, Scripted, at_work, located, text_of
from tui import session_keeping
from tui.exchange import Exchange, Stage
from tui.session_app import opening_in
from tui.widgets.conversation_pane import ConversationPane

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
    async with at_work(app, (120, 40)) as hand:
        await hand.pilot.press("j")
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
    async with at_work(app, (120, 40)) as hand:
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
    async with at_work(app) as hand:
        await hand.ask(QUESTION)
        await hand.answered()
    app, engine = scripted((Say("[]"),), journal=journal, session=opened())
    async with at_work(app) as hand:
        await hand.until(lambda: hand.turns)
        await hand.ask("Where is the cup?")
        await hand.answered(2)
    assert located(1) in str(engine.requests[-1].messages)


async def test_a_stream_is_kept_while_it_runs_and_resumes_as_interrupted(
    scripted: Scripted, journal: Journal, opened: Opened, sessions: Sessions
) -> None:
    gate = Hold()
    app, _ = scripted((Say("The cup stands to the left of the plate, and"), gate), journal=journal, session=(first := opened()))
    async with at_work(app) as hand:
        await hand.ask("Describe the picture")

        def on_the_disk() -> str:
            kept = [one for conversation in sessions.load(first.head.key).conversations for one in conversation.exchanges]
            return kept[0].text if kept and kept[0].outcome is Outcome.RUNNING else ""

        await hand.until(lambda: sessions.keys() and on_the_disk().endswith("plate, and"))
    app, _ = scripted((Say("It stands left of the plate."),), journal=journal, session=opened())
    async with at_work(app) as hand:
        await hand.until(lambda: hand.turns)
        assert hand.turns[0].exchange.stage is Stage.INTERRUPTED
        assert "The cup stands to the left of the plate, and" in hand.reply()
        assert "interrupted" in hand.reply()
        await hand.until(lambda: hand.line.has_focus)  # as it had when the app was left
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("r")
        await hand.until(lambda: "It stands left of the plate" in hand.reply())


async def test_what_is_seen_to_be_over_is_on_the_disk(
    scripted: Scripted, journal: Journal, opened: Opened, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a kill after that costs nothing. Drawn at once, as the main screen is, it could be seen before."""
    monkeypatch.setattr(session_keeping, "_SHOWN_AFTER", 30.0)  # for a slow disk, which in the app is not waited for
    seen: list[tuple[str, Outcome]] = []
    show = ConversationPane.changed

    def changed(pane: ConversationPane, exchange: Exchange) -> None:
        if exchange.stage.over:
            [conversation] = sessions.load(session.head.key).conversations
            seen.extend((kept.text, kept.outcome) for kept in conversation.exchanges if kept.id == exchange.id)
        show(pane, exchange)

    monkeypatch.setattr(ConversationPane, "changed", changed)
    session, broken = opened(), Break(EngineFailure("it broke", cure="ask again"))
    app, _ = scripted((Say("Left of the plate."),), (Say("Left"), broken), journal=journal, session=session)
    async with at_work(app) as hand:
        await hand.ask("Where is the cup?")
        await hand.answered()
        await hand.ask("And the fork?")
        await hand.answered(2)
    assert seen == [("Left of the plate.", Outcome.ANSWERED), ("Left", Outcome.FAILED)]


@pytest.mark.parametrize(("what", "said"), [("changed", "has changed since"), ("missing", "is not there any more")])
async def test_what_became_of_the_picture_is_said(
    what: str, said: str, scripted: Scripted, journal: Journal, opened: Opened, scenes: Path
) -> None:
    app, _ = scripted((Say(located(1)),), journal=journal, session=opened())
    async with at_work(app) as hand:
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
    async with at_work(app) as hand:
        await hand.ask(QUESTION)
        await hand.answered()
    (scenes / "scene-1.png").touch()
    app, _ = scripted(journal=journal, session=opened())
    async with at_work(app) as hand:
        await hand.until(lambda: hand.turns)
        assert hand.turns[0].exchange.since == ""


async def test_marked_pictures_and_their_conversation_come_back(
    scripted: Scripted, journal: Journal, opened: Opened, scenes: Path
) -> None:
    app, _ = scripted((Say("Both show shapes."),), journal=journal, session=opened())
    async with at_work(app) as hand:
        hand.files.focus()
        await hand.pilot.press("j", "space", "k", "space")
        await hand.ask("What do they show?")
        await hand.answered()
        app.exit()
    app, _ = scripted(journal=journal, session=opened())
    async with at_work(app) as hand:
        await hand.until(lambda: hand.turns)
        assert hand.files.order.pictures == (scenes / "scene-2.png", scenes / "scene-1.png")
        assert "Both show shapes." in hand.reply()


async def test_a_conversation_that_was_forgotten_does_not_come_back(
    scripted: Scripted, journal: Journal, opened: Opened
) -> None:
    app, _ = scripted((Say(located(1)),), journal=journal, session=opened())
    async with at_work(app) as hand:
        await hand.ask(QUESTION)
        await hand.answered()
        await hand.pilot.press("ctrl+l")
        await hand.until(lambda: not hand.turns)
        await hand.ask("Where is the cup?")
        await hand.answered()
    app, _ = scripted(journal=journal, session=opened())
    async with at_work(app) as hand:
        await hand.until(lambda: hand.turns)
        assert [turn.exchange.question for turn in hand.turns] == ["Where is the cup?"]


async def test_without_a_memory_nothing_is_kept(scripted: Scripted, tmp_path: Path) -> None:
    app, _ = scripted((Say("[]"),))
    async with at_work(app) as hand:
        await hand.ask("Where is the cup?")
        await hand.answered()
        await hand.pilot.press("f10")
        await hand.until(lambda: any("No sessions are kept" in notice for notice in hand.notices()))
    assert not list(tmp_path.glob("data/*"))


async def test_a_film_comes_back_at_the_frame_that_was_shown(
    scripted: Scripted, journal: Journal, sessions: Sessions, scenes: Path
) -> None:
    make(scenes / "a-film.mp4")
    app, _ = scripted((Say("Nothing moves."),), journal=journal, session=sessions.begin((scenes,)))
    async with at_work(app, (120, 40)) as hand:
        await hand.until(lambda: "a-film" in hand.caption)
        await hand.ask("What moves?")
        await hand.answered()
        await hand.pilot.press("f5")
        await hand.until(lambda: "00:01.00" in hand.caption)
        app.exit()
    session = sessions.resume("latest")
    app, _ = scripted(journal=journal, session=session, opening=opening_in(session.head))
    async with at_work(app, (120, 40)) as hand:
        await hand.until(lambda: hand.turns)
        await hand.until(lambda: "00:01.00" in hand.caption)


async def test_a_tab_comes_back(scripted: Scripted, journal: Journal, opened: Opened) -> None:
    solid = '[{"bbox_3d": [-1, 0.8, 5, 1, 0.8, 1, 0, 0, 0], "label": "red box"}]'
    app, _ = scripted((Say(solid),), journal=journal, session=opened())
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("3D boxes of all things")
        await hand.answered()
        await hand.pilot.press("f3")
        await hand.until(lambda: "seen from above" in hand.caption)
        app.exit()
    session = opened()
    app, _ = scripted(journal=journal, session=session, opening=opening_in(session.head))
    async with at_work(app, (120, 40)) as hand:
        await hand.until(lambda: hand.turns)
        await hand.until(lambda: "seen from above" in hand.caption)


async def test_a_damaged_file_costs_nothing_that_is_on_the_screen(
    scripted: Scripted, journal: Journal, opened: Opened, sessions: Sessions
) -> None:
    app, _ = scripted((Say(located(1)),), (Say("[]"),), journal=journal, session=opened())
    async with at_work(app) as hand:
        await hand.ask(QUESTION)
        await hand.answered()
        await hand.until(lambda: sessions.page() and not sessions_wal(journal))
        journal.path.write_bytes(b"no database at all" * 500)
        await hand.ask("Where is the cup?")
        await hand.answered(2)
        await hand.until(lambda: any("put aside" in notice for notice in hand.notices()))
    (key,) = sessions.keys()
    (conversation,) = sessions.load(key).conversations
    assert [one.question for one in conversation.exchanges] == [QUESTION, "Where is the cup?"]
    assert conversation.exchanges[0].answer is not None


def sessions_wal(journal: Journal) -> bool:
    """Whether what was written is still in the log beside the database."""
    return journal.path.with_name("journal.db-wal").exists()


async def test_branches_come_back_as_they_were_shown(scripted: Scripted, journal: Journal, opened: Opened) -> None:
    app, _ = scripted((Say("One."),), (Say("Two."),), journal=journal, session=opened())
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("How many?")
        await hand.answered()
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("r")
        await hand.until(lambda: "Two." in hand.reply())
        await hand.answered()
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("h")
        await hand.until(lambda: "One." in hand.reply())
        app.exit()
    session = opened()
    app, _ = scripted(journal=journal, session=session)
    async with at_work(app, (120, 40)) as hand:
        await hand.until(lambda: hand.turns)
        assert "One." in hand.reply()
        hand.screen.query_one(ConversationPane).focus()
        await hand.pilot.press("l")
        await hand.until(lambda: "Two." in hand.reply())


async def test_an_enlarged_part_comes_back(scripted: Scripted, journal: Journal, opened: Opened) -> None:
    app, _ = scripted((Say("A scene."),), journal=journal, session=opened())
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("Describe the picture")
        await hand.answered()
        hand.pane.focus()
        await hand.pilot.press("plus", "plus", "l")
        await hand.until(lambda: "enlarged" in hand.caption)
        seen = hand.pane.viewport
        app.exit()
    session = opened()
    app, _ = scripted(journal=journal, session=session, opening=opening_in(session.head))
    async with at_work(app, (120, 40)) as hand:
        await hand.until(lambda: "enlarged" in hand.caption)
        assert hand.pane.viewport == seen
