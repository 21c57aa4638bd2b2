"""Changes over either picture, cell by cell: where a thing is, where it was, the way between, and what became of it."""

from __future__ import annotations

import pytest

from backend.scene import Box, CameraMotion, Change, ChangeKind, MotionKind
from tests.tui.preview.pictures import plain
from tui.preview.canvas import Frame, packed
from tui.preview.capabilities import Capabilities
from tui.preview.changes import KINDS, ChangesDrawn
from tui.preview.render import draw_layer, sampled

ASCII = Capabilities(colour=False, unicode=False)
NONE: frozenset[int] = frozenset()
STILL = CameraMotion(MotionKind.STILL, 0, 1, 1.0, (0.0, 0.0), 3, 4, "the camera stood still")
BEFORE = Box(10, 20, 50, 60, "cup", id="b1")
AFTER = Box(110, 20, 150, 60, "cup", picture=1, id="b2")


def change(kind: ChangeKind, before: str = "", after: str = "", went: tuple[float, float] | None = None) -> Change:
    return Change(kind, "cup", 0, 1, before, after, went, None, None, None, "because")


MOVED = change(ChangeKind.MOVED, "b1", "b2", (100.0, 0.0))
GONE = change(ChangeKind.DISAPPEARED, "b1")


def drawn(
    *changes: Change,
    later: bool,
    motion: CameraMotion | None = STILL,
    capabilities: Capabilities = ASCII,
    selected: frozenset[int] = NONE,
) -> Frame:
    layer = ChangesDrawn(changes, {"b1": BEFORE, "b2": AFTER}, motion, later)
    return draw_layer(sampled(plain(200, 100, (0, 0, 0)), 40, 10, capabilities), layer, selected, capabilities)


def lines(frame: Frame) -> list[str]:
    return [line.rstrip() for line in frame.text().splitlines()]


def test_in_the_later_picture_a_dashed_box_an_arrow_and_a_solid_one() -> None:
    assert lines(drawn(MOVED, later=True)) == [
        "",
        "                      [1 cup moved]",
        "  ........            +------+",
        "  :      :            | \\\\   |",
        "  :   ------------------///  |",
        "  ........            +------+",
        "",
        "",
        "",
        "",
    ]


def test_in_the_earlier_picture_it_is_where_it_was() -> None:
    shown = drawn(MOVED, later=False).text()
    assert "cup moved" in shown
    assert "." not in shown
    assert lines(drawn(MOVED, later=False))[2].startswith("  +------+")


def test_what_is_gone_is_crossed_out_before_and_dashed_after() -> None:
    before, after = (drawn(GONE, later=later).text() for later in (False, True))
    assert {"\\", "/"} <= set(before)
    assert "cup disappeared" in before
    assert "cup disappeared" in after
    assert "." in after
    assert not {"\\", "/", "+"} & set(after)


@pytest.mark.parametrize("unicode", [True, False])
def test_where_it_was_is_where_the_camera_alone_would_have_put_it(unicode: bool) -> None:
    panned = CameraMotion(MotionKind.MOVED, 0, 1, 1.0, (100.0, 0.0), 3, 4, "it moved")
    frame = drawn(GONE, later=True, motion=panned, capabilities=Capabilities(colour=False, unicode=unicode))
    corner = "┌" if unicode else "."
    assert lines(frame)[2].index(corner) == 22


def test_what_did_not_change_is_named_only_where_it_is_looked_for() -> None:
    same = change(ChangeKind.UNCHANGED, "b1", "b2")
    assert "cup" not in drawn(same, later=True).text()
    assert "cup unchanged" in drawn(same, later=True, selected=frozenset({0})).text()


def test_every_kind_has_a_word_and_a_colour_of_its_own() -> None:
    assert set(KINDS) == set(ChangeKind)
    assert len(set(KINDS.values())) == len(KINDS)
    for kind in ChangeKind:
        frame = drawn(change(kind, "b1", "b2"), later=True, capabilities=Capabilities(), selected=frozenset({0}))
        chips = [run for row in frame.rows for run in row if run.text.strip().startswith("1 cup")]
        assert [run.background for run in chips] == [packed(KINDS[kind])]


def test_of_two_changes_of_one_thing_one_name_is_written() -> None:
    nearer = change(ChangeKind.NEARER, "b1", "b2")
    assert drawn(MOVED, nearer, later=True).text().count("cup") == 1
