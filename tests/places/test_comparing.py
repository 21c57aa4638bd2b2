"""What became of things, on drawn rooms whose truth is known; and what is not known is not claimed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.places.comparing import Became, PlaceChange, between
from backend.scene import Box, ChangeKind
from backend.synthetic.rooms import draw_room
from tests.places.rooms import visit


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_true_boxes_tell_the_truth(seed: int) -> None:
    room = draw_room(seed)
    told = {change.label: change.became.value for change in between(visit(room, 0), visit(room, 1))}
    assert told == room.became


def test_the_order_is_by_what_matters_and_pictures_are_named() -> None:
    room = draw_room(0)
    changes = between(visit(room, 0), visit(room, 1))
    assert [change.became for change in changes] == sorted((c.became for c in changes), key=list(Became).index)
    gone = next(change for change in changes if change.became is Became.GONE)
    assert "/1/door.png shows its place" in gone.reason
    assert (gone.before is not None, gone.after) == (True, None)
    moved = changes[0]
    assert moved.displacement is not None
    assert (moved.as_dict()["became"], moved.as_dict()["kind"], moved.said) == ("moved", "moved", "moved")
    assert (gone.as_dict()["kind"], gone.said) == ("disappeared", "disappeared")


def test_every_outcome_has_the_words_of_two_pictures_but_what_nobody_looked_for() -> None:
    said = {became: PlaceChange(became, "cup", "", None, None) for became in Became}
    assert [one.as_dict()["kind"] for became, one in said.items() if became is Became.NOT_LOOKED_FOR] == [None]
    kinds = [became.kind for became in Became if became is not Became.NOT_LOOKED_FOR]
    assert set(kinds) == set(ChangeKind) - {ChangeKind.NEARER, ChangeKind.FARTHER}, "which visits do not tell apart from moved"
    assert len({one.said for one in said.values()}) == len(Became)


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (("Locate every box.",), True),
        (("定位所有箱子",), False),
        (("Where are the boxes?",), True),
        (("Locate every object.",), True),
        (("Locate every red circle.",), False),
        ((), False),
    ],
)
def test_what_nobody_looked_for_is_not_gone(asked: tuple[str, ...], known: bool) -> None:
    room = draw_room(0)
    told = {change.label: change.became for change in between(visit(room, 0), visit(room, 1, asked))}
    gone = next(label for label, became in room.became.items() if became == "gone")
    assert told[gone] is (Became.GONE if known else Became.NOT_LOOKED_FOR)


def test_chinese_names_are_looked_for_by_their_last_two_characters() -> None:
    room = draw_room(0)
    first, second = visit(room, 0, views=(0,)), visit(room, 1, ("定位所有箱子",), views=(0,))
    extra = replace(first.views[0], boxes=(*first.views[0].boxes, Box(5, 400, 60, 460, "红色箱子", id="x")))
    told = {change.label: change.became for change in between(replace(first, views=(extra,)), second)}
    assert told["红色箱子"] is Became.GONE


def test_a_thing_that_went_from_one_view_to_another_moved() -> None:
    room = draw_room(0)
    cup = Box(5, 400, 60, 460, "cup", id="cup")
    first, second = visit(room, 0), visit(room, 1)
    door, window = first.views[0], second.views[1]
    first = replace(first, views=(replace(door, boxes=(*door.boxes, cup)), first.views[1]))
    there = replace(cup, x1=500, y1=20, x2=540, y2=60)
    second = replace(second, views=(second.views[0], replace(window, boxes=(*window.boxes, there))))
    told = {change.label: change for change in between(first, second)}
    assert told["cup"].became is Became.MOVED
    assert "was found in /1/window.png" in told["cup"].reason


def test_views_that_nothing_matches_say_what_is_not_shown() -> None:
    room = draw_room(0)
    alone = visit(room, 0, views=(0, 1))
    one = replace(alone, views=(alone.views[0],))
    cup = Box(5, 400, 60, 460, "cup", id="cup")
    two = replace(alone, views=(alone.views[0], replace(alone.views[1], boxes=(cup,))))
    told = {change.label: change.became for change in between(two, one)}
    assert told.pop("cup") is Became.OUT_OF_VIEW
    assert set(told.values()) == {Became.KEPT}
    assert {c.label: c.became for c in between(one, two)}["cup"] is Became.NEWLY_IN_VIEW


def test_several_of_one_name_are_told_one_by_one() -> None:
    room = draw_room(0)
    first, second = visit(room, 0, views=(0,)), visit(room, 1, views=(0,))
    was = (Box(10, 10, 50, 50, "mug", id="1"), Box(100, 10, 140, 50, "mug", id="2"))
    now = (Box(10, 10, 50, 50, "mug", id="3"), Box(300, 10, 340, 50, "mug", id="4"))
    first = replace(first, views=(replace(first.views[0], boxes=was),))
    second = replace(second, views=(replace(second.views[0], boxes=now),))
    assert sorted(change.became.value for change in between(first, second)) == ["kept", "moved"]
