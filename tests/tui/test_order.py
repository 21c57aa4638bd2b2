"""Several pictures in one question: marked in an order that is shown and can be changed, each with its own findings."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from backend.scene import Raster
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted
from tui.order import Order
from tui.widgets.findings_table import FindingsTable

PATHS = [Path(name) for name in "abcde"]


def marks(hand: Hand) -> str:
    """What stands beside the three scenes."""
    rows = ["".join(segment.text for segment in hand.files.render_line(y)) for y in range(5)]
    return "".join(row.rstrip()[-1] if row.rstrip()[-1] != "g" else " " for row in rows if "scene-" in row)


async def test_marked_pictures_are_asked_about_in_their_order(scripted: Scripted) -> None:
    said = json.dumps([{"picture": at, "bbox_2d": [100, 100, 300, 300], "label": f"thing {at}"} for at in (1, 2)])
    app, engine = scripted((Say(said),))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("space", "down", "down", "m")
        await hand.until(lambda: marks(hand) == "1 2")
        assert "1 scene-1.png, 2 scene-3.png" in hand.status
        await pilot.press("K")
        await hand.until(lambda: marks(hand) == "2 1")
        await hand.ask("Locate every object")
        await hand.answered()
        parts = engine.requests[-1].messages[0].parts
        assert [part for part in parts if isinstance(part, str)][:2] == ["Picture 1: ", "Picture 2: "]
        assert sum(isinstance(part, Raster) for part in parts) == 2
        exchange = hand.turns[0].exchange
        assert [path.name for path in exchange.pictures] == ["scene-3.png", "scene-1.png"]
        assert [finding.picture for finding in exchange.findings] == [0, 1]
        assert hand.caption.startswith("scene-3.png")
        await hand.until(lambda: "1" in hand.picture)
        table = hand.screen.query_one(FindingsTable)
        assert [str(table.get_row_at(row)[1]).split("\n")[0] for row in (0, 1)] == ["1: thing 1", "2: thing 2"]
        table.focus()
        await pilot.press("down")
        await hand.until(lambda: hand.caption.startswith("scene-1.png"))


async def test_without_marks_it_is_the_picture_under_the_cursor_again(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("space", "down", "space", "u")
        await hand.until(lambda: marks(hand) == "   ")
        await hand.ask("What is it?")
        await hand.answered()
        assert [path.name for path in hand.turns[0].exchange.pictures] == ["scene-2.png"]


@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from([None, -2, -1, 1, 2])), max_size=20))
def test_an_order_never_loses_or_doubles_a_picture(steps: list[tuple[Path, int | None]]) -> None:
    order, marked = Order(), set[Path]()
    for path, by in steps:
        order = order.toggled(path) if by is None else order.moved(path, by)
        marked ^= {path} if by is None else set()
        assert set(order.pictures) == marked
        assert len(order.pictures) == len(marked)
        assert [order.place(one) for one in order.pictures] == list(range(1, len(marked) + 1))


def test_a_picture_moves_no_farther_than_the_ends() -> None:
    order = Order(tuple(PATHS[:3]))
    assert order.moved(PATHS[2], -1).pictures == (PATHS[0], PATHS[2], PATHS[1])
    assert order.moved(PATHS[0], -1) == order == order.moved(PATHS[2], 5)
