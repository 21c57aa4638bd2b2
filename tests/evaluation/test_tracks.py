"""What is measured of tracks: that the truth of events is the film's, and that the goal holds on a few films."""

from __future__ import annotations

import pytest

from backend.synthetic.moving import Mover, MovingScene
from backend.synthetic.scenes import COLOURS, SHAPES, SceneObject
from scripts.evaluation import tracks
from scripts.evaluation.true_events import Happening, Instant, agreement, happened


def film() -> MovingScene:
    """A circle that comes in, halts, goes on behind a square and out of it."""
    keys = ((1.0, -20.0, 60.0), (3.0, 60.0, 60.0), (5.0, 60.0, 60.0), (9.5, 210.0, 60.0))
    circle = Mover("m1", SceneObject(COLOURS[0], SHAPES[0], 0, 0, 10), keys)
    square = Mover("m2", SceneObject(COLOURS[2], SHAPES[1], 0, 0, 30), ((0.0, 130.0, 60.0),))
    return MovingScene(240, 120, (128, 129, 130), (circle, square), 10.0, 10.0)


def test_true_events_follow_from_how_a_film_was_drawn() -> None:
    scene = film()
    events = happened(scene, [Instant(time, scene.truth(time)) for time in scene.times])
    required = {one.kind: one for one in events if one.required}
    assert sorted(one.kind for one in events if one.required) == sorted(required), "each once"
    assert set(required) == {"enters", "hidden", "reappears", "stops", "starts", "crosses"}
    true = {"enters": 1.4, "stops": 3.0, "starts": 5.0, "hidden": 6.2, "crosses": 7.1, "reappears": 8.0}
    for kind, time in true.items():
        assert required[kind].time == pytest.approx(time, abs=0.25), kind
    assert required["crosses"].things == ("m1", "m2")


def test_agreement_counts_each_event_once() -> None:
    truth = [Happening("exits", 2.0, ("a",)), Happening("exits", 5.0, ("b",)), Happening("hidden", 3.0, ("a",), required=False)]
    said = [
        Happening("exits", 2.3, ("a",)),
        Happening("exits", 2.4, ("a",)),
        Happening("hidden", 3.0, ("a",)),
        Happening("enters", 5.0, ("b",)),
    ]
    assert sorted(agreement(truth, said)) == [("enters", "false"), ("exits", "false"), ("exits", "missed"), ("exits", "told")]


def test_the_goal_holds_on_a_few_films(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracks, "FEWEST_FILMS", 3)
    monkeypatch.setattr(tracks, "CASES", tracks.CASES[:2])
    figures = tracks.measured(3)
    rows = {(row["family"], row["boxes"]): row for row in figures["tracks"]}
    for family in ("flat", "perspective"):
        assert rows[family, "true boxes"]["mota"] > 0.98
        assert rows[family, tracks.GOAL.name]["mota"] > 0.9
        assert rows[family, tracks.GOAL.name]["idf1"] > 0.9
    assert "MOTA **0.9" in tracks.tables(figures)
