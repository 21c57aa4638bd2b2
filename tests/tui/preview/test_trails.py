"""Tracks over a frame, cell by cell: boxes, rings, trails and names, in Unicode and in ASCII."""

from __future__ import annotations

from backend.export.palette import colour_of
from backend.spatial.tracks import Observation, Track
from tests.tui.preview.pictures import plain
from tui.preview.canvas import Frame, packed
from tui.preview.capabilities import Capabilities
from tui.preview.render import draw_layer, sampled
from tui.preview.trails import TRAIL, Trails

ASCII = Capabilities(colour=False, unicode=False)
WIDE = 40
NONE: frozenset[int] = frozenset()


def walking(id_: str, label: str, *, y: float, begin: float = 0.0, missing: tuple[int, ...] = ()) -> Track:
    """A thing of 60×40 pixels that goes 10 pixels to the right each half second, for five seconds."""
    seen = tuple(Observation(begin + n / 2, (n * 10.0, y, n * 10.0 + 60, y + 40), interpolated=n in missing) for n in range(11))
    return Track(id_, label, seen, 200)


def drawn(trails: Trails, capabilities: Capabilities = ASCII, selected: frozenset[int] = NONE) -> Frame:
    return draw_layer(sampled(plain(200, 100, (0, 0, 0)), WIDE, 10, capabilities), trails, selected, capabilities)


def lines(frame: Frame) -> list[str]:
    return [line.rstrip() for line in frame.text().splitlines()]


def test_a_thing_has_its_box_its_name_and_its_way_of_two_seconds() -> None:
    assert TRAIL == 2.0
    assert lines(drawn(Trails((walking("t1", "cup", y=40),), 5.0))) == [
        "",
        "",
        "",
        "                    [t1 cup]",
        "                    +----------+",
        "                    |          |",
        "                  --|------    |",
        "                    +----------+",
        "",
        "",
    ]


def test_where_nobody_saw_it_is_a_ring_at_the_end_of_a_line_of_dots() -> None:
    shown = drawn(Trails((walking("t1", "cup", y=40, missing=(10,)),), 5.0), Capabilities()).text().replace("▀", " ")
    assert [line.rstrip() for line in shown.splitlines()][5:7] == [
        "                           t1 cup",
        "                  ⠉⠉⠉⠉⠉⠉⠉⠉○",
    ]
    assert not set("┌┐└┘") & set(shown)


def test_what_has_not_begun_or_has_ended_is_not_there_unless_it_is_selected() -> None:
    early, late = walking("t1", "cup", y=0), walking("t2", "pot", y=60, begin=6.0)
    trails = Trails((early, late), 5.5)
    assert drawn(trails).text().strip() == ""
    way = drawn(trails, selected=frozenset({1})).text()
    assert "-" in way
    assert "pot" not in way, "it is not there at this time: only its way is shown"


def test_a_selected_track_shows_all_of_its_way_and_stands_out() -> None:
    track = walking("t1", "cup", y=40)
    usual, whole = (drawn(Trails((track,), 5.0), selected=chosen) for chosen in (NONE, frozenset({0})))
    assert lines(whole)[6].lstrip().startswith("-" * 10)
    assert lines(whole)[6].index("-") < lines(usual)[6].index("-")
    assert "#" in whole.text()
    assert "#" not in usual.text()


def test_each_track_has_its_colour_and_its_id() -> None:
    frame = drawn(Trails((walking("t1", "cup", y=0), walking("t7", "pot", y=55)), 1.0), Capabilities())
    chips = {run.text.strip(): run.background for row in frame.rows for run in row if run.text.strip().startswith("t")}
    assert chips == {"t1 cup": packed(colour_of(0)), "t7 pot": packed(colour_of(1))}


def test_a_hostile_name_is_data() -> None:
    text = drawn(Trails((walking("t1", "\x1b[31mcup\u202e", y=40),), 5.0)).text()
    assert "\x1b" not in text
    assert "\u202e" not in text
