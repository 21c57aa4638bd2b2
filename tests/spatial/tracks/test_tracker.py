"""Following: one thing keeps its identity, whatever happens to it and around it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.scene import Box
from backend.spatial.tracks import Rules, Step, Tracker

SIZE = (640, 360)


def box(x: float, y: float, label: str = "cup", confidence: float | None = None, side: float = 60) -> Box:
    return Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2, label, confidence=confidence)


def followed(frames: Sequence[Sequence[Box]], rate: float = 10.0, tracker: Tracker | None = None) -> tuple[Tracker, list[Step]]:
    tracker = tracker or Tracker(*SIZE)
    return tracker, [tracker.update(number / rate, boxes) for number, boxes in enumerate(frames)]


def moving(x: Callable[[float], float], times: Sequence[float], label: str = "cup") -> list[list[Box]]:
    return [[box(x(time), 180, label)] for time in times]


def test_a_thing_counts_after_three_sights_and_keeps_all_of_them() -> None:
    tracker, steps = followed(moving(lambda t: 100 + 100 * t, [n / 10 for n in range(6)]))
    assert [len(step.sightings) for step in steps] == [0, 0, 1, 1, 1, 1]
    (track,) = tracker.finish()
    assert (track.id, track.label, track.begin, track.end) == ("t1", "cup", 0.0, 0.5)
    assert len(track.observations) == 6


def test_what_is_seen_twice_only_is_no_track() -> None:
    frames = [[box(100, 100)], [box(101, 100)], [], [], [], []]
    tracker, steps = followed(frames)
    assert tracker.finish() == ()
    assert all(not step.sightings for step in steps)


def test_missed_frames_are_interpolated_and_said_to_be() -> None:
    frames = moving(lambda t: 100 + 200 * t, [n / 10 for n in range(10)])
    frames[5] = frames[6] = []
    (track,) = followed(frames)[0].finish()
    assert [seen.interpolated for seen in track.observations] == [n in (5, 6) for n in range(10)]
    assert track.observations[5].centre == pytest.approx((200, 180))
    assert track.observations[5].confidence is None
    assert [seen.time for seen in track.seen] == [n / 10 for n in range(10) if n not in (5, 6)]


def test_two_things_that_cross_keep_their_names_and_ids() -> None:
    frames = [[box(100 + 20 * n, 180, "cup"), box(500 - 20 * n, 185, "plate")] for n in range(20)]
    tracks = followed(frames)[0].finish()
    assert {track.label: len(track.seen) for track in tracks} == {"cup": 20, "plate": 20}


def test_two_things_without_names_cross_by_how_they_move() -> None:
    frames = [[box(100 + 20 * n, 180, ""), box(500 - 20 * n, 200, "")] for n in range(20)]
    frames[10] = frames[10][:1]
    tracks = followed(frames)[0].finish()
    ends = {track.observations[0].centre[0]: track.observations[-1].centre[0] for track in tracks}
    assert ends == {100: 480, 500: 120}


def test_a_thing_behind_another_comes_out_as_itself() -> None:
    frames = [[box(50 + 15 * n, 180)] if not 12 <= n <= 24 else [] for n in range(36)]
    tracker, steps = followed(frames)
    (track,) = tracker.finish()
    hidden = steps[18].sightings[0]
    assert not hidden.seen
    assert hidden.missed == 7
    assert hidden.box[0] == pytest.approx(50 + 15 * 18 - 30, abs=5)
    assert steps[25].sightings[0].stretch.time == 2.5
    assert len(track.observations) == 36


def test_a_thing_that_halted_while_hidden_is_the_same_when_it_counts_again() -> None:
    before = [[box(50 + 15 * n, 180)] for n in range(10)]
    after = [[box(230, 180)] for _ in range(6)]
    tracker, steps = followed([*before, *[[] for _ in range(10)], *after])
    (track,) = tracker.finish()
    assert track.id == "t1"
    assert [step.sightings[0].seen for step in steps[20:]] == [False, False, True, True, True, True]


def test_beyond_the_gap_it_is_another_one() -> None:
    frames = [*moving(lambda _: 100, range(5)), *[[] for _ in range(25)], *moving(lambda _: 100, range(5))]
    tracker, steps = followed(frames)
    first, second = tracker.finish()
    assert (first.end, second.begin) == (0.4, 3.0)
    assert [id_ for step in steps for id_ in step.ended] == ["t1"]
    patient = followed(frames, tracker=Tracker(*SIZE, Rules(gap=3.0)))[0]
    assert len(patient.finish()) == 1


def test_the_gap_is_time_and_not_frames() -> None:
    frames = [*moving(lambda _: 100, range(5)), [], [], [], *moving(lambda _: 100, range(5))]
    assert len(followed(frames, rate=10)[0].finish()) == 1
    assert len(followed(frames, rate=1)[0].finish()) == 2


def test_doubtful_boxes_go_on_with_tracks_and_begin_none() -> None:
    sure = [[box(100 + 5 * n, 100, confidence=0.9)] for n in range(5)]
    doubtful = [[box(125 + 5 * n, 100, confidence=0.1), box(500, 300, "plate", 0.1)] for n in range(5)]
    (track,) = followed([*sure, *doubtful])[0].finish()
    assert track.label == "cup"
    assert len(track.seen) == 10
    assert track.observations[-1].confidence == 0.1


def test_a_stray_box_does_not_move_a_lost_track() -> None:
    frames = [*moving(lambda _: 100, range(6)), [], [], [], [], [box(420, 300)], [], *moving(lambda _: 100, range(3))]
    (track,) = followed(frames)[0].finish()
    assert {seen.centre for seen in track.observations} == {(100, 180)}


def test_the_name_that_most_boxes_had_is_the_tracks() -> None:
    frames = moving(lambda _: 100, range(7))
    frames[3] = [box(100, 180, "mug")]
    (track,) = followed(frames)[0].finish()
    assert track.label == "cup"
    assert len(track.seen) == 7


def test_boxes_of_no_size_are_nothing() -> None:
    assert followed([[box(100, 100, side=0)]] * 6)[0].finish() == ()


def test_frames_must_come_in_the_order_of_time() -> None:
    tracker = Tracker(*SIZE)
    tracker.update(1.0, [])
    with pytest.raises(ValueError, match="does not come after"):
        tracker.update(1.0, [])


def test_whoever_watches_without_end_remembers_the_last_seconds_only() -> None:
    tracker = Tracker(*SIZE, keep=2.0)
    for number in range(500):
        step = tracker.update(number / 10, [box(100, 100), box(300 + number // 50 % 2 * 150, 100, f"thing {number // 50}")])
    tracks = tracker.finish()
    assert step.sightings[0].id == "t1"
    assert all(len(track.observations) <= 21 for track in tracks)
    assert "thing 0" not in {track.label for track in tracks}


def test_speed_is_in_widths_per_second_and_direction_in_degrees() -> None:
    times = [n / 10 for n in range(11)]
    right = followed(moving(lambda t: 100 + 64 * t, times))[0].finish()[0]
    assert right.velocity(0.5).speed == pytest.approx(0.1)
    assert right.velocity(0.5).direction == pytest.approx(0, abs=1e-6)
    assert right.mean_speed == pytest.approx(0.1)
    up = followed([[box(300, 300 - 128 * t)] for t in times])[0].finish()[0]
    assert up.velocity(0.5).speed == pytest.approx(0.2), "widths, not heights"
    assert up.velocity(0.5).direction == pytest.approx(90)
    still = followed(moving(lambda _: 100, times))[0].finish()[0]
    assert still.as_dict()["observations"][3]["direction"] is None


def test_a_track_as_data() -> None:
    (track,) = followed(moving(lambda t: 100 + 64 * t, [0, 0.1, 0.2]))[0].finish()
    told = track.as_dict()
    assert (told["id"], told["label"], told["begin"], told["end"]) == ("t1", "cup", 0, 0.2)
    assert set(told["observations"][0]) == {"time", "bbox", "confidence", "interpolated", "speed", "direction"}


@given(
    speed=st.floats(-150, 150),
    rate=st.sampled_from([5.0, 10.0, 25.0]),
    noise=st.lists(st.tuples(st.floats(-6, 6), st.floats(-6, 6)), min_size=30, max_size=30),
    missed=st.sets(st.integers(4, 28), max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_one_thing_is_one_track(speed: float, rate: float, noise: list[tuple[float, float]], missed: set[int]) -> None:
    frames = [[] if n in missed else [box(320 + speed * (n - 15) / rate + dx, 180 + dy)] for n, (dx, dy) in enumerate(noise)]
    (track,) = followed(frames, rate)[0].finish()
    assert len(track.observations) == 30
    assert all(math.isfinite(value) for seen in track.observations for value in seen.box)


def test_what_is_remembered_for_less_than_the_gap_still_has_its_last_place() -> None:
    tracker = Tracker(*SIZE, keep=0.5)
    followed([*moving(lambda _: 100, range(5)), *[[] for _ in range(12)]], tracker=tracker)
    (track,) = tracker.finish()
    assert [seen.time for seen in track.observations] == [0.4]
