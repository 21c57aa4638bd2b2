"""`sightline watch` as a program: a film through the demo model, signals, pipes that close, sources that are none."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from backend.synthetic.scenes import COLOURS, SHAPES, Scene, SceneObject
from tests.e2e.program import PATIENCE_S, SIGHTLINE, Home


def moving(path: Path, frames: int = 40, fps: int = 5) -> Path:
    """A red circle goes from left to right past a blue square that stands still; MJPEG, so that every frame is its own."""
    colours, shapes = {colour.name: colour for colour in COLOURS}, {shape.name: shape for shape in SHAPES}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=fps)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuvj444p"
        for number in range(frames):
            circle = SceneObject(colours["red"], shapes["circle"], 40 + number * 240 // frames, 70, 32)
            square = SceneObject(colours["blue"], shapes["square"], 160, 180, 36)
            image = Scene(320, 240, (150, 160, 170), (circle, square)).render()
            for packet in stream.encode(av.VideoFrame.from_ndarray(np.asarray(image), "rgb24")):
                container.mux(packet)
        container.mux(stream.encode(None))
    return path


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_film_from_its_start_to_its_end(home: Home) -> None:
    moving(home.folder / "film.avi")
    asked = ("--find", "red circle", "-q", "Is the red circle left of the blue square?", "--zone", "left=0,0,160,240")
    done = home.sightline("watch", "film.avi", *asked, "--every", "--jsonl")
    assert done.code == 0, done.err
    told = records(done.text)
    assert [told[0]["type"], told[-1]["type"]] == ["start", "end"]
    assert told[0]["schema"] == 1
    frames = [one for one in told if one["type"] == "frame"]
    events = [one for one in told if one["type"] == "event"]
    end = told[-1]
    assert (end["reason"], end["frames"], end["dropped"]) == ("source", 40, 0)
    assert len(frames) + end["withheld"] == 40
    left = [one for one in events if one["kind"] == "leaves_zone"]
    assert [one["detail"] for one in left] == [{"zone": "left"}]
    assert 3.4 <= left[0]["time"] <= 5.0, "the circle's centre passes 160 px at 4 s"
    holds = [one["detail"]["holds"] for one in events if one["kind"] == "relation"]
    assert holds == [True, False]


def test_people_are_told_in_words(home: Home) -> None:
    moving(home.folder / "film.avi", frames=20)
    done = home.sightline("watch", "film.avi", "--find", "red circle", "--zone", "left=0,0,160,240", "--every")
    assert done.code == 0, done.err
    first, *rest, last = done.text.splitlines()
    assert first == "watching film.avi with demo"
    assert any(line.endswith("the red circle left zone left") for line in rest)
    assert last.startswith("ended (source): ")


@contextmanager
def watching(home: Home, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The loop on the folder of pictures, which never ends by itself, once it has begun."""
    command = [SIGHTLINE, "watch", ".", *arguments, "--find", "red circle", "--jsonl", "--every"]
    process = subprocess.Popen(command, cwd=home.folder, env=home.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["type"] == "start"
        yield process
        process.kill()


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_everything_said(home: Home, number: signal.Signals) -> None:
    with watching(home) as process:
        assert process.stdout is not None
        frame = json.loads(process.stdout.readline())
        assert (frame["type"], frame["answers"][0]["boxes"][0]["label"]) == ("frame", "red circle")
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert records(out.decode())[-1]["reason"] == "stopped"
    assert (process.returncode, err) == (0, b"")


def test_whoever_closes_the_pipe_ends_it_quietly(home: Home, scene: Path) -> None:
    with watching(home) as process:
        assert process.stdout is not None
        process.stdout.close()
        for number in range(50):
            (home.folder / f"{number}.png").write_bytes(scene.read_bytes())
            time.sleep(0.1)
            if process.poll() is not None:
                break
        process.wait(PATIENCE_S)
        assert process.stderr is not None
        assert (process.returncode, process.stderr.read()) == (0, b"")


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("nothing.mp4", 3, "no such file"),
        ("/dev/video97", 3, "ls /dev/video*"),
        ("/dev/null", 3, "it is no camera"),
        ("rtsp://me:secret@127.0.0.1:9/x", 3, "rtsp://me:…@127.0.0.1:9/x"),
        ("empty.mp4", 3, "empty"),
    ],
)
def test_what_cannot_be_watched_is_said_with_a_cure(home: Home, source: str, code: int, said: str) -> None:
    (home.folder / "empty.mp4").touch()
    done = home.sightline("watch", source, "--find", "cup")
    assert done.code == code
    assert said in done.err
    assert "→" in done.err
    assert "secret" not in done.err + done.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing is to be watched for"),
        (("--find", "cup", "--zone", "table=1,2,3"), "four numbers"),
        (("--find", "cup", "--zone", "1,2,3,4"), "no name"),
        (("--find", "cup", "--line", "door=1,2,1,2"), "no length"),
        (("--find", "cup", "--budget-ms", "0"), "budget"),
    ],
)
def test_what_is_not_understood_is_said_before_a_model_is_loaded(home: Home, arguments: tuple[str, ...], said: str) -> None:
    done = home.sightline("watch", ".", *arguments)
    assert (done.code, done.text) == (2, "")
    assert said in done.err
