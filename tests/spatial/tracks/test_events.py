"""Events, told of ways that are known exactly: each of a film made for it, as one sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from backend.scene import Box
from backend.spatial.tracks import Event, EventFinder, EventKind, Line, Tracker, Zone

WIDTH, HEIGHT = 640, 360
Way = Callable[[float], tuple[float, float] | None]
"""Where a centre is at a time; None while it cannot be seen."""


def told(things: dict[str, Way], seconds: float = 6.0, rate: float = 10.0, side: float = 60, **places: object) -> list[Event]:
    """The events of squares that move so. What is named “table” is 200 wide and 120 high."""
    tracker, finder = Tracker(WIDTH, HEIGHT), EventFinder(WIDTH, HEIGHT, **places)  # type: ignore[arg-type]
    events: list[Event] = []
    for number in range(round(seconds * rate)):
        time = number / rate
        boxes = []
        for label, way in things.items():
            at = way(time)
            if at is not None:
                across, down = (100, 60) if label == "table" else (side / 2, side / 2)
                boxes.append(Box(at[0] - across, at[1] - down, at[0] + across, at[1] + down, label).clamped(WIDTH, HEIGHT))
        events += finder.update(tracker.update(time, boxes))
    return events


def kinds(events: Sequence[Event]) -> list[str]:
    return [event.kind.value for event in events]


def of(events: Sequence[Event], kind: EventKind) -> Event:
    (event,) = [event for event in events if event.kind is kind]
    return event


def test_in_over_one_edge_and_out_over_another() -> None:
    events = told({"cup": lambda t: (-40 + 160 * (t - 1), 180) if t > 1 else None}, seconds=7)
    assert kinds(events) == ["enters", "exits"]
    enters, exits = events
    assert (enters.detail, enters.text) == ({"side": "left"}, "the cup came in from the left")
    assert enters.time == pytest.approx(1.1, abs=0.11)
    assert (exits.detail, exits.text) == ({"side": "right"}, "the cup left the picture at the right")
    assert exits.time == pytest.approx(5.4, abs=0.11)
    assert exits.known_at == pytest.approx(exits.time + 0.3)


@pytest.mark.parametrize(("side", "way"), [("top", lambda t: (300, -40 + 100 * t)), ("bottom", lambda t: (300, 400 - 100 * t))])
def test_edges_above_and_below(side: str, way: Way) -> None:
    assert told({"cup": lambda t: way(t - 1) if t > 1 else None}, seconds=4)[0].detail == {"side": side}


def test_a_fast_thing_is_at_the_edge_a_frame_before_it_is_seen_there() -> None:
    events = told({"cup": lambda t: (60 + 200 * (t - 1), 180) if 1 <= t < 3.8 else None}, rate=2, seconds=6)
    assert kinds(events) == ["enters", "exits"]


def test_what_is_there_from_the_start_has_not_appeared() -> None:
    assert told({"cup": lambda _: (100, 100)}, seconds=2) == []


def test_out_of_nowhere_and_into_it() -> None:
    events = told({"cup": lambda t: (300, 200) if 1 <= t < 3 else None}, seconds=6)
    assert kinds(events) == ["appears", "hidden", "disappears"]
    assert events[0].time == pytest.approx(1.0)
    assert events[1].detail == {"behind": None}
    assert events[2].time == pytest.approx(2.9), "when it was last seen"
    assert events[2].known_at == pytest.approx(5.0, abs=0.11)


def test_behind_another_thing_and_out_again() -> None:
    events = told({"table": lambda _: (320, 180), "cup": lambda t: None if 2 < t < 3.4 else (50 + 100 * t, 180)}, seconds=5)
    hidden, again, crossed = (of(events, kind) for kind in (EventKind.HIDDEN, EventKind.REAPPEARS, EventKind.CROSSES))
    assert hidden.text == "the cup went out of sight behind the table"
    assert hidden.labels == ("cup", "table")
    assert hidden.time == pytest.approx(2.0)
    assert again.time == pytest.approx(3.4)
    assert again.detail["unseen"] == pytest.approx(1.4)
    assert crossed.detail == {"direction": "from left to right"}
    assert len(events) == 3


def test_a_thing_that_is_missed_for_two_frames_was_always_there() -> None:
    assert told({"cup": lambda t: None if 2 < t < 2.25 else (300, 180)}, seconds=4) == []


def test_crossing_has_a_mover_and_a_direction() -> None:
    events = told({"plate": lambda _: (320, 180), "cup": lambda t: (560 - 80 * t, 200)}, seconds=6)
    (crossing,) = events
    assert crossing.kind is EventKind.CROSSES
    assert crossing.text == "the cup crossed the plate from right to left"
    assert crossing.time == pytest.approx(3.0, abs=0.3)


def test_crossing_from_above_to_below() -> None:
    events = told({"plate": lambda _: (320, 180), "cup": lambda t: (330, 50 + 50 * t)}, seconds=5)
    assert [event.text for event in events] == ["the cup crossed the plate from above to below"]


def test_passing_without_touching() -> None:
    events = told({"plate": lambda _: (320, 280), "cup": lambda t: (100 + 80 * t, 80)}, seconds=6)
    assert [event.text for event in events] == ["the cup passed above the plate from left to right"]
    assert events[0].detail == {"direction": "from left to right", "along": "above"}


def test_things_side_by_side_do_not_cross_because_they_tremble() -> None:
    shake = [0, 5, -4, 6, -6, 3, -5, 4, -2, 6]
    way: Way = lambda t: (335 + shake[round(t * 10) % 10], 185 + shake[round(t * 10 + 3) % 10])  # noqa: E731
    assert told({"plate": lambda _: (320, 180), "cup": way}, seconds=8) == []


def test_stopping_and_starting() -> None:
    def way(t: float) -> tuple[float, float]:
        return (100 + 100 * min(t, 2), 180) if t < 4 else (300, 180 - 50 * (t - 4))

    events = told({"cup": way}, seconds=6)
    assert kinds(events) == ["stops", "starts"]
    assert events[0].time == pytest.approx(2.0, abs=0.25)
    assert events[1].time == pytest.approx(4.0, abs=0.35)
    assert events[1].detail["direction"] == pytest.approx(90, abs=1)


def test_zones_are_entered_and_left_by_centres() -> None:
    zone = Zone("door", 200, 0, 400, 360)
    events = told({"cup": lambda t: (60 + 100 * t, 180)}, seconds=5, zones=(zone,))
    assert [(event.kind.value, event.text) for event in events] == [
        ("enters_zone", "the cup entered zone door"),
        ("leaves_zone", "the cup left zone door"),
    ]
    assert events[0].time == pytest.approx(1.4, abs=0.2)
    assert events[1].time == pytest.approx(3.4, abs=0.2)


def test_a_thing_that_trembles_at_a_zones_edge_stays_where_it_was() -> None:
    zone = Zone("door", 200, 0, 400, 360)
    assert told({"cup": lambda t: (200 + (5 if round(t * 10) % 2 else -5), 180)}, seconds=3, zones=(zone,)) == []


def test_lines_are_crossed_to_one_of_their_sides_and_not_past_their_ends() -> None:
    way: Way = lambda t: (60 + 100 * t, 180)  # noqa: E731
    (event,) = told({"cup": way}, seconds=5, lines=(Line("gate", 300, 360, 300, 0), Line("short", 300, 0, 300, 100)))
    assert (event.text, event.detail) == ("the cup crossed line gate to its right", {"line": "gate", "to": "right"})
    assert event.time == pytest.approx(2.45, abs=0.15)


def test_a_cup_leaves_the_table_and_comes_to_it() -> None:
    things: dict[str, Way] = {
        "table": lambda _: (320, 240),
        "cup": lambda t: (320, 200) if t < 1 else (320 + 100 * (t - 1), 200),
    }
    events = told(things, seconds=4, regions=("table",))
    left = of(events, EventKind.LEAVES_REGION)
    assert left.text == "the cup left the table"
    assert left.labels == ("cup", "table")
    assert not [e for e in told(things, seconds=4) if e.kind is EventKind.LEAVES_REGION], "only where it was asked for"
    back = told({"table": lambda _: (320, 240), "cup": lambda t: (80 + 80 * t, 200)}, seconds=3, regions=("*",))
    assert of(back, EventKind.ENTERS_REGION).text == "the cup came to the table"


def test_things_of_one_name_are_told_apart_by_their_ids() -> None:
    tracker, finder = Tracker(WIDTH, HEIGHT), EventFinder(WIDTH, HEIGHT)
    events: list[Event] = []
    for number in range(60):
        boxes = [Box(300, 150, 360, 210, "cup"), Box(20 + 9 * number, 150, 80 + 9 * number, 210, "cup")]
        events += finder.update(tracker.update(number / 10, boxes))
    assert events[0].text.startswith("the cup (t2) crossed the cup (t1)")


def test_names_cannot_command_a_terminal() -> None:
    events = told({"cup\x1b[31m": lambda t: (300, 200) if 1 <= t < 3 else None}, seconds=3)
    assert events[0].text == "the cup\\e[31m appeared"


def test_an_event_as_data() -> None:
    event = told({"cup": lambda t: (300, 200) if 1 <= t < 3 else None}, seconds=3)[0]
    assert event.as_dict() == {
        "kind": "appears",
        "time": 1.0,
        "known_at": 1.2,
        "tracks": ["t1"],
        "labels": ["cup"],
        "text": "the cup appeared",
        "detail": {},
    }


@pytest.mark.parametrize("text", ["door", "=1,2,3,4", "door=1,2,3", "door=1,2,3,x", "door=1,2,1,5", "door=1,2,nan,5"])
def test_places_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"it |four numbers"):
        Zone.parsed(text)


def test_places_are_read() -> None:
    assert Zone.parsed("door=400,10,200,300") == Zone("door", 200, 10, 400, 300)
    assert Line.parsed("a=b=0,1,2.5,3") == Line("a=b", 0, 1, 2.5, 3)
    with pytest.raises(ValueError, match="no length"):
        Line.parsed("gate=1,1,1,1")
