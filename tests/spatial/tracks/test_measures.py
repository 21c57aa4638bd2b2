"""MOTA, MOTP and IDF1 on small films whose figures were worked out by hand."""

from __future__ import annotations

import math

import pytest

from backend.scene import Corners
from backend.spatial.tracks.measures import Measures, Moment, Placed, measured

A: Corners = (0, 0, 10, 10)
B: Corners = (100, 0, 110, 10)
A_HALF: Corners = (0, 0, 10, 6)
"""IoU with A: 0.6."""
A_BESIDE: Corners = (6, 0, 16, 10)
"""IoU with A: 4 / 16, not enough."""


def moment(truth: dict[str, Corners], tracks: dict[str, Corners], *ignored: Corners) -> Moment:
    return Moment(
        tuple(Placed(id_, box) for id_, box in truth.items()), tuple(Placed(id_, box) for id_, box in tracks.items()), ignored
    )


def test_all_right() -> None:
    told = measured([moment({"a": A, "b": B}, {"1": A, "2": B})] * 3)
    assert (told.truth, told.matches, told.missed, told.false, told.switches) == (6, 6, 0, 0, 0)
    assert (told.mota, told.motp, told.idf1) == (1, 1, 1)


def test_missed_and_false_boxes() -> None:
    """Four true boxes: one is missed, one box is false, one lies on it by 0.6. MOTA 1 − 2/4, MOTP (1 + 1 + 0.6)/3, IDF1 6/8."""
    told = measured([moment({"a": A, "b": B}, {"1": A, "2": A_BESIDE}), moment({"a": A, "b": B}, {"1": A_HALF, "2": B})])
    assert (told.missed, told.false, told.switches) == (1, 1, 0)
    assert told.mota == pytest.approx(0.5)
    assert told.motp == pytest.approx(2.6 / 3)
    assert told.idf1 == pytest.approx(2 * 3 / (4 + 4))


def test_identities_that_are_exchanged_cost_two_switches() -> None:
    """Two things over five frames, exchanged after the second: MOTA 1 − 2/10; the best pairing identifies 3 + 3 of 10."""
    before, after = moment({"a": A, "b": B}, {"1": A, "2": B}), moment({"a": A, "b": B}, {"1": B, "2": A})
    told = measured([before, before, after, after, after])
    assert told.switches == 2
    assert told.mota == pytest.approx(0.8)
    assert told.idf1 == pytest.approx(0.6)


def test_a_track_that_is_broken_in_two() -> None:
    """Ten frames; after six another id: one switch, and IDF1 is 2·6/(10+10)."""
    told = measured([moment({"a": A}, {"1" if n < 6 else "2": A}) for n in range(10)])
    assert told.switches == 1
    assert told.mota == pytest.approx(0.9)
    assert told.idf1 == pytest.approx(0.6)


def test_pairs_stand_while_they_overlap_enough_even_if_another_is_better() -> None:
    told = measured([moment({"a": A}, {"1": A}), moment({"a": A}, {"1": A_HALF, "2": A})])
    assert (told.switches, told.false) == (0, 1)
    assert told.motp == pytest.approx(0.8)


def test_a_switch_counts_over_a_gap() -> None:
    told = measured([moment({"a": A}, {"1": A}), moment({"a": A}, {}), moment({"a": A}, {"2": A})])
    assert (told.switches, told.missed) == (1, 1)


def test_two_things_take_turns_with_one_track() -> None:
    frames = [moment({"a": A}, {"1": A}), moment({"b": A}, {"1": A}), moment({"a": A, "b": A}, {"1": A})]
    told = measured(frames)
    assert (told.matches, told.missed, told.false) == (3, 1, 0)


def test_tracks_over_what_nobody_can_see_do_not_count() -> None:
    unseen = moment({"b": B}, {"1": A, "2": B}, A)
    assert (measured([unseen]).tracks, measured([unseen]).false) == (1, 0)
    beside = moment({"a": A}, {"1": A}, A)
    assert measured([beside]).matches == 1, "what is true comes first"


def test_films_add_up() -> None:
    good, bad = measured([moment({"a": A}, {"1": A})]), measured([moment({"a": A}, {"1": B})])
    assert (good + bad).mota == pytest.approx(1 - 2 / 2)
    assert bad.mota == -1
    assert (good + bad).idf1 == pytest.approx(0.5)


def test_nothing_is_not_a_number() -> None:
    assert all(math.isnan(value) for value in (Measures().mota, Measures().motp, Measures().idf1))
