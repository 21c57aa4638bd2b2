"""`sightline track` as a program, with the demo model looking for the things itself."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from backend.synthetic.filming import film_scene
from backend.synthetic.moving import Mover, MovingScene, draw_moving
from backend.synthetic.scenes import COLOURS, SHAPES, SceneObject
from tests.e2e.program import PATIENCE_S, Home


def test_a_circle_is_followed_out_of_the_picture(home: Home) -> None:
    colour, shape = {one.name: one for one in COLOURS}, {one.name: one for one in SHAPES}
    circle = Mover("m1", SceneObject(colour["red"], shape["circle"], 0, 0, 36), ((0.0, 60, 70), (2.0, 360, 70)))
    square = Mover("m2", SceneObject(colour["blue"], shape["square"], 0, 0, 30), ((0.0, 160, 180),))
    path: Path = home.folder / "crossing.mp4"
    frames = film_scene(path, MovingScene(320, 240, (180, 180, 180), (circle, square), 3.0, 10.0))
    done = home.sightline("track", path.name, "--find", "red circle", "--find", "blue square", "--json")
    assert done.code == 0, done.err
    assert "15 frames, 2 things: 30 questions, each frame read anew" in done.err
    told = json.loads(done.out)
    tracks = {track["label"]: track for track in told["tracks"]}
    assert set(tracks) == {"red circle", "blue square"}
    for seen in tracks["red circle"]["observations"][:5]:
        true = frames[round(seen["time"] * 10)].truth[0].box
        assert all(abs(a - b) < 16 for a, b in zip(seen["bbox"], true, strict=True))
    assert 0.35 < tracks["red circle"]["mean_speed"] < 0.55, "0.47 widths a second"
    kinds = [event["kind"] for event in told["events"]]
    assert kinds == ["passes", "exits"]
    assert told["events"][1]["detail"] == {"side": "right"}


def test_a_run_that_is_interrupted_tells_the_tracks_that_it_knows(home: Home) -> None:
    path = home.folder / "long.mp4"
    film_scene(path, draw_moving(56, (384, 288), 20.0, 10.0, 4))
    with home.started(
        "track", path.name, "--find", "red square", "--find", "black square", "--jsonl", "--fps", "10"
    ) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest = [json.loads(line) for line in process.stdout]
        assert process.wait(PATIENCE_S) == 130
    assert first["type"] == "event"
    assert rest[-1]["type"] == "end"
    assert not rest[-1]["complete"]
    assert 0 < rest[-1]["frames"] < 200
    assert any(record["type"] == "track" and record["label"] == "red square" for record in rest)
