"""`sightline batch` with the demo model: each item once whatever happens, and an exit code that tells."""

from __future__ import annotations

import json
import random
import re
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import psutil
import pytest

from backend.schema import json_schema
from backend.synthetic.scenes import draw_scene
from tests.e2e.bad_files import HOSTILE, HOSTILE_SHOWN, text_named_jpg, truncated
from tests.e2e.program import PATIENCE_S, Home, worker_of
from tests.e2e.terminal import in_terminal
from tests.e2e.test_ask_many import NEAR_TIE, comparable

LOCATE, COUNT = "Locate every object", "How many objects are there?"
SCENES = 8
MANY = 40
"""So many that a run is never over when it is interrupted, however fast the machine."""


def drawn(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        draw_scene(number, (160, 120)).render().save(folder / f"{number}.png")
    return folder


@pytest.fixture
def scenes(home: Home) -> Path:
    return drawn(home.folder / "scenes", SCENES)


@pytest.fixture
def many_scenes(home: Home) -> Path:
    return drawn(home.folder / "scenes", MANY)


def lines(home: Home, name: str = "out.jsonl") -> list[dict[str, Any]]:
    path = home.folder / name
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def items(found: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """By source and question; each must be there once."""
    named = [(line["source"]["path"], line["question"]) for line in found]
    assert [name for name, count in Counter(named).items() if count > 1] == []
    return dict(zip(named, found, strict=True))


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """The same answer; of two thousandths that are nearly as likely the other may be sampled beside other pictures."""
    mine, theirs = comparable(one), comparable(other)
    for told in (mine, theirs):
        told["text"] = re.sub(r"\d+", "#", told["text"]) if told["task"] == "boxes" else told["text"]
    assert mine == theirs
    for box, again in zip(one["boxes"], other["boxes"], strict=True):
        assert box["bbox"] == pytest.approx(again["bbox"], abs=NEAR_TIE)


def test_each_picture_and_question_has_its_line_and_its_answer_is_that_of_ask(home: Home, scenes: Path) -> None:
    (home.folder / "questions.txt").write_text(f"{LOCATE}\n# so far\n{COUNT}\n")
    done = home.sightline("batch", "scenes", "--questions", "questions.txt", "--out", "out.jsonl", "--json")
    assert (done.code, done.err) == (0, "")
    found = items(lines(home))
    assert set(found) == {(f"scenes/{n}.png", question) for n in range(SCENES) for question in (LOCATE, COUNT)}
    for line in found.values():
        published = {key: value for key, value in line.items() if key not in ("key", "source", "parameters")}
        jsonschema.validate(published, json_schema())
    for number in (0, 3):
        alone = home.sightline("ask", "-q", LOCATE, "-q", COUNT, scenes / f"{number}.png", "--json", "--no-memory")
        for told in alone.text.splitlines():
            expected = json.loads(told)
            answer = {key: found[f"scenes/{number}.png", expected["question"]][key] for key in expected}
            expected["pictures"][0]["path"] = f"scenes/{number}.png"
            assert_same(answer, expected)
    summary = json.loads(done.text)
    assert (summary["answered"], summary["failed"], summary["items"]) == (2 * SCENES, 0, 2 * SCENES)
    assert summary["boxes"] == sum(len(line["boxes"]) for line in found.values())
    assert summary["tokens"] == sum(line["timings"]["tokens"] for line in found.values())
    assert not list((home.root / ".local").rglob("*.db")), "nothing is remembered unless it is asked for"


@pytest.mark.usefixtures("scenes")
def test_killed_at_any_moment_it_goes_on_without_losing_or_repeating_one(home: Home) -> None:
    command = ("batch", "scenes", "-q", LOCATE, "-q", COUNT, "--no-second-looks", "--workers", "2", "--out")
    assert home.sightline(*command, "whole.jsonl").code == 0
    undisturbed = items(lines(home, "whole.jsonl"))
    rng, kept = random.Random(5), 0
    for __ in range(4):
        wanted = min(2 * SCENES - 2, kept + rng.randint(1, 4))
        with home.started(*command, "out.jsonl") as process:
            end = time.monotonic() + PATIENCE_S
            while (
                len((home.folder / "out.jsonl").read_bytes().splitlines() if (home.folder / "out.jsonl").exists() else ())
                < wanted
            ):
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < end
                time.sleep(rng.random() / 50)
            process.send_signal(signal.SIGKILL)
            process.wait()
        now = items(lines(home))
        assert len(now) >= kept
        kept = len(now)
    with (home.folder / "out.jsonl").open("ab") as file:  # and once in the middle of a line
        file.write(b'{"key": "00')
    done = home.sightline(*command, "out.jsonl", "--json")
    assert done.code == 0
    assert json.loads(done.text)["answered_before"] == kept
    resumed = items(lines(home))
    assert resumed.keys() == undisturbed.keys()
    for name, answer in resumed.items():
        assert answer["key"] == undisturbed[name]["key"]
        assert_same(answer, undisturbed[name])


def test_done_is_done_and_a_changed_picture_is_asked_about_again(home: Home, scenes: Path) -> None:
    command = ("batch", "scenes", "-q", COUNT, "--no-second-looks", "--out", "out.jsonl", "--json")
    assert home.sightline(*command).code == 0
    before = (home.folder / "out.jsonl").read_bytes()
    again = home.sightline(*command)
    assert (again.code, json.loads(again.text)["items"], json.loads(again.text)["answered_before"]) == (0, 0, SCENES)
    (scenes / "1.png").touch()
    assert home.sightline(*command).code == 0
    assert (home.folder / "out.jsonl").read_bytes() == before, "a new date alone makes no other picture"
    draw_scene(99, (160, 120)).render().save(scenes / "1.png")
    assert json.loads(home.sightline(*command).text)["answered"] == 1
    assert lines(home)[-1]["source"]["path"] == "scenes/1.png"


def test_broken_pictures_and_hostile_names_cost_only_themselves(home: Home, scenes: Path) -> None:
    text_named_jpg(scenes / "list.jpg")
    truncated(scenes / "short.png")
    (scenes / "0.png").rename(scenes / HOSTILE)
    command = ("batch", "scenes", "-q", COUNT, "--no-second-looks", "--out", "out.jsonl")
    done = home.sightline(*command)
    assert done.code == 6
    found = items(lines(home))
    failed = {Path(name).name: line["error"] for (name, __), line in found.items() if "error" in line}
    assert {name: error["kind"] for name, error in failed.items()} == {
        "list.jpg": "UnreadablePicture",
        "short.png": "UnreadablePicture",
    }
    assert "holds text" in failed["list.jpg"]["message"]
    assert (f"scenes/{HOSTILE}", COUNT) in found
    assert "\x1b" not in done.text + done.err
    assert "\x07" not in done.text + done.err
    assert "1 × … is not a picture sightline can read: " in done.text
    again = home.sightline(*command)
    assert (again.code, "failed before: 2" in again.text) == (6, True), again.text
    draw_scene(7, (160, 120)).render().save(scenes / "short.png")
    (scenes / "list.jpg").unlink()
    assert home.sightline(*command, "--retry-failed").code == 0
    assert [line["source"]["path"] for line in lines(home)][SCENES + 2 :] == ["scenes/short.png"]


def test_the_name_of_the_slowest_is_shown_as_data(home: Home, scene: Path) -> None:
    scene.rename(home.folder / HOSTILE)
    done = home.sightline("batch", HOSTILE, "-q", COUNT, "--out", "out.jsonl")
    assert done.code == 0
    assert HOSTILE_SHOWN[:40] in done.text
    assert "\x1b" not in done.text


def test_its_file_is_exported_as_it_is(home: Home, scenes: Path) -> None:
    text_named_jpg(scenes / "list.jpg")
    assert home.sightline("batch", "scenes", "-q", LOCATE, "--no-second-looks", "--out", "out.jsonl").code == 6
    done = home.sightline("export", "coco", "out.jsonl", "--out", "coco.json")
    assert done.code == 0, done.err
    found = json.loads((home.folder / "coco.json").read_text())
    assert len(found["images"]) == SCENES
    boxes = sum(len(line["boxes"]) for line in lines(home) if "error" not in line)
    assert 0 < len(found["annotations"]) <= boxes


@pytest.mark.usefixtures("scenes")
def test_in_a_terminal_one_line_tells_how_far_it_is_and_is_wiped(home: Home) -> None:
    with in_terminal(home, "batch", "scenes", "-q", LOCATE, "--out", "out.jsonl") as terminal:
        terminal.until("items a second")
        assert terminal.end() == 0
        assert re.search(rf"\d+/{SCENES}  \d+ %".encode(), terminal.raw)
        assert re.search(rb"\d a second  \d+ s left", terminal.raw)
        assert terminal.lines[0].startswith(f"{SCENES} answers in ")
        assert "left" not in terminal.text


@pytest.mark.usefixtures("many_scenes")
def test_an_engine_that_dies_costs_no_item(home: Home) -> None:
    with home.started("batch", "scenes", "-q", LOCATE, "--workers", "2", "--out", "out.jsonl", "--json") as process:
        worker = worker_of(process.pid)
        end = time.monotonic() + PATIENCE_S
        while not lines(home):
            assert time.monotonic() < end
            time.sleep(0.01)
        worker.kill()
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out)["retries"] >= 1
    assert len(items(lines(home))) == MANY
    assert not [line for line in lines(home) if "error" in line]


@pytest.mark.usefixtures("many_scenes")
def test_ctrl_c_finishes_what_is_being_answered(home: Home) -> None:
    command = ("batch", "scenes", "-q", LOCATE, "--workers", "2", "--out", "out.jsonl")
    with home.started(*command) as process:
        end = time.monotonic() + PATIENCE_S
        while not lines(home):
            assert time.monotonic() < end
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert b"finishing what is being answered" in err
    assert b"the same command goes on from here" in err
    first = len(items(lines(home)))
    assert 1 <= first < MANY, "it ended early, with whole lines"
    assert f"{first} answer".encode() in out
    assert home.sightline(*command).code == 0
    assert len(items(lines(home))) == MANY


@pytest.mark.usefixtures("many_scenes")
def test_a_second_ctrl_c_stops_at_once(home: Home) -> None:
    with home.started("batch", "scenes", "-q", LOCATE, "--out", "out.jsonl") as process:
        end = time.monotonic() + PATIENCE_S
        while not lines(home):
            assert time.monotonic() < end
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert b"finishing" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    items(lines(home))


def test_a_full_disk_ends_it_with_whole_lines_and_it_goes_on_when_there_is_room(home: Home, many_scenes: Path) -> None:
    command = ("batch", many_scenes, "-q", LOCATE, "--out", "out.jsonl")
    out = home.folder / "out.jsonl"
    with home.started(*command) as process:
        end = time.monotonic() + PATIENCE_S
        while not lines(home):
            assert time.monotonic() < end
            time.sleep(0.01)
        psutil.Process(process.pid).rlimit(psutil.RLIMIT_FSIZE, (out.stat().st_size + 100, -1))
        told, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 5
    assert "“out.jsonl” could not be written: File too large".encode() in err
    assert b"make room, then give the same command again" in err
    assert b" a second" in told, "what was done is summed up all the same"
    assert out.read_bytes().endswith(b"\n")
    assert 0 < len(items(lines(home))) < MANY
    assert home.sightline(*command).code == 0
    assert len(items(lines(home))) == MANY


def test_what_belongs_to_other_questions_is_refused(home: Home, scene: Path) -> None:
    assert home.sightline("batch", scene.name, "-q", COUNT, "--out", "out.jsonl").code == 0
    before = (home.folder / "out.jsonl").read_bytes()
    for other, says in (
        (("-q", LOCATE), "which is not asked now"),
        (("-q", COUNT, "--seed", "4"), "its seed was 0, and is 4 now"),
    ):
        done = home.sightline("batch", scene.name, *other, "--out", "out.jsonl")
        assert (done.code, done.out) == (2, b"")
        assert says in done.err
        assert "--append-anyway" in done.err
    assert (home.folder / "out.jsonl").read_bytes() == before
    assert home.sightline("batch", scene.name, "-q", LOCATE, "--out", "out.jsonl", "--append-anyway").code == 0
    assert [line["question"] for line in lines(home)] == [COUNT, LOCATE]


@pytest.mark.usefixtures("many_scenes")
def test_two_at_once_on_one_file(home: Home) -> None:
    command = ("batch", "scenes", "-q", LOCATE, "--out", "out.jsonl")
    with home.started(*command) as first:
        end = time.monotonic() + PATIENCE_S
        while not (home.folder / "out.jsonl").exists():
            assert time.monotonic() < end
            time.sleep(0.01)
        second = home.sightline(*command)
        assert first.poll() is None
    assert second.code == 2
    assert "another batch is writing to “out.jsonl”" in second.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("empty", "-q", COUNT), "there is no picture and no film"),
        (("gone", "-q", COUNT), "there is no file or folder “gone”"),
        (("empty",), "no question was given"),
        (("empty", "-q", " "), "the question is empty"),
        (("-q", COUNT), "no picture was given"),
        (("empty", "-q", COUNT, "--task", "none"), "none"),
        (("empty", "-q", COUNT, "--frames", "2", "--fps", "3"), "exclude each other"),
        (("--from", "gone.txt", "-q", COUNT), "the list “gone.txt” cannot be read: No such file"),
        (("--from", "-", "--questions", "-"), "standard input cannot be several lists"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], says: str, home: Home) -> None:
    (home.folder / "empty").mkdir()
    done = home.sightline("batch", *arguments, "--out", "out.jsonl")
    assert (done.code, done.out) == (2, b"")
    assert says in done.err


def test_a_list_from_standard_input_and_progress_for_programs(home: Home, scenes: Path) -> None:
    listed = b"\0".join(str(scenes / f"{n}.png").encode() for n in range(3)) + b"\0gone.png\0"
    done = home.sightline(
        *("batch", "--from", "-", "-q", COUNT, "--out", "out.jsonl", "--progress", "json", "--no-second-looks"), stdin=listed
    )
    assert done.code == 6
    assert [Path(line["source"]["path"]).name for line in lines(home) if "error" in line] == ["gone.png"]
    assert len(lines(home)) == 4
    told = [json.loads(line) for line in done.err.splitlines()]
    assert told
    assert {"done", "total", "answered", "failed", "items_per_s", "eta_s", "models_set_aside"} == set(told[-1])


def test_with_memory_the_answers_are_remembered(home: Home, scene: Path) -> None:
    assert home.sightline("batch", scene.name, "-q", "Locate the red circle", "--out", "out.jsonl", "--memory").code == 0
    recalled = home.sightline("recall", "red circle")
    assert recalled.code == 0
    assert scene.name in recalled.text


def test_a_film_is_one_item_with_frames_as_ask_shows_them(home: Home) -> None:
    pytest.importorskip("av")
    home.sightline("demo", "--write", "material", "--only", "films")
    film = next((home.folder / "material" / "films").glob("*.mp4"))
    done = home.sightline("batch", film, "-q", COUNT, "--frames", "2", "--out", "out.jsonl", "--no-second-looks")
    assert done.code == 0, done.err
    (line,) = lines(home)
    asked = home.sightline("ask", COUNT, film, "--frames", "2", "--json", "--no-second-looks", "--no-memory")
    assert [one["time"] for one in line["pictures"]] == [one["time"] for one in json.loads(asked.text)["pictures"]]
    assert line["text"] == json.loads(asked.text)["text"]
