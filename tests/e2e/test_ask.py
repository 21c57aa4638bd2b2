"""`sightline ask` as a program: one JSON object, streamed text, exit codes, pipes and signals."""

from __future__ import annotations

import hashlib
import json
import signal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from backend.schema import json_schema
from backend.synthetic.scenes import draw_scene
from tests.e2e.conftest import CIRCLE
from tests.e2e.program import PATIENCE_S, Home, assert_gone, worker_of
from tests.e2e.terminal import in_terminal

LOCATE = "Locate the red circle, report bbox coordinates in JSON format."
SHAPE: dict[str, type] = {
    "schema": int,
    "question": str,
    "task": str,
    "text": str,
    "thinking": str,
    "pictures": list,
    "boxes": list,
    "points": list,
    "boxes3d": list,
    "claims": list,
    "checks": list,
    "changes": list,
    "motions": list,
    "moments": list,
    "tags": list,
    "told": list,
    "warnings": list,
    "model": dict,
    "timings": dict,
    "asked": dict,
}
TIMINGS = {"load_ms", "encode_ms", "prefill_ms", "first_token_ms", "total_ms", "thinking_ms", "thinking_tokens", "tokens"} | {
    "tokens_per_s",
    "reused_tokens",
}


def answered(home: Home, *arguments: str | Path, stdin: bytes = b"") -> dict[str, Any]:
    done = home.sightline("ask", *arguments, "--json", stdin=stdin)
    assert (done.code, done.err) == (0, "")
    answer: dict[str, Any] = json.loads(done.out)
    return answer


def test_json_is_one_object_of_the_published_shape(home: Home, scene: Path) -> None:
    answer = answered(home, LOCATE, scene.name)
    Draft202012Validator(json_schema()).validate(answer)
    assert {key: type(value) for key, value in answer.items()} == SHAPE
    assert (answer["schema"], answer["question"], answer["task"]) == (1, LOCATE, "boxes")
    digest = hashlib.sha256(scene.read_bytes()).hexdigest()
    picture = {"path": "scene.png", "width": 320, "height": 240, "sha256": digest, "camera": None, "time": None}
    assert answer["pictures"] == [picture]
    assert answer["timings"].keys() == TIMINGS
    assert answer["timings"]["tokens"] > 0
    assert answer["model"]["name"] == "demo"
    for box in answer["boxes"]:
        assert box.keys() == {"id", "label", "bbox", "picture", "confidence", "attributes", "found_by", "second_look"}
        x1, y1, x2, y2 = box["bbox"]
        assert 0 <= x1 <= x2 <= 320
        assert 0 <= y1 <= y2 <= 240


def test_the_red_circle_is_found_where_it_is(home: Home, scene: Path) -> None:
    (box,) = answered(home, LOCATE, scene)["boxes"]
    assert box["label"] == "red circle"
    assert overlap(box["bbox"], CIRCLE) > 0.5


def overlap(a: list[float], b: tuple[int, int, int, int]) -> float:
    """Intersection over union, worked out here so that the program's own cannot excuse itself."""
    across = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    down = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return across * down / (both - across * down)


def test_a_picture_is_read_from_standard_input(home: Home, scene: Path) -> None:
    piped, named = answered(home, LOCATE, "-", stdin=scene.read_bytes()), answered(home, LOCATE, scene.name)
    assert piped["pictures"][0]["path"] == "-"
    assert piped["pictures"][0]["sha256"] == named["pictures"][0]["sha256"]
    assert piped["boxes"] == named["boxes"]


def test_two_pictures_in_one_question(home: Home, scene: Path) -> None:
    answer = answered(home, "Which picture shows the red circle?", scene.name, scene.name)
    assert len(answer["pictures"]) == 2
    assert answer["text"]


def test_without_json_the_answer_is_text_and_a_list_of_findings(home: Home, scene: Path) -> None:
    done = home.sightline("ask", LOCATE, scene.name)
    assert done.code == 0
    assert "bbox_2d" in done.text.splitlines()[0]
    assert any(line.split()[:3] == ["b1", "red", "circle"] for line in done.text.splitlines())
    assert "\x1b" not in done.text + done.err


def test_save_writes_the_picture_with_its_findings(home: Home, scene: Path) -> None:
    done = home.sightline("ask", LOCATE, scene.name, "--save", "out.png")
    assert done.code == 0
    assert "saved out.png" in done.err
    with Image.open(home.folder / "out.png") as saved, Image.open(scene) as original:
        assert saved.size == original.size
        assert saved.convert("RGB").tobytes() != original.convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask", "", "scene.png"], "the question is empty"),
        (["ask", "   \n", "scene.png"], "the question is empty"),
        (["ask", LOCATE], "no picture was given"),
        (["ask"], "QUESTION"),
        (["ask", LOCATE, "scene.png", "--task", "smell"], "smell"),
        (["ask", LOCATE, "scene.png", "--save", "no/such/folder/out.png"], "no/such/folder"),
        (["nothing-here"], "nothing-here"),
        ([], "needs a terminal"),
        (["demo"], "needs a terminal"),
    ],
)
def test_usage_is_2_with_a_message_and_a_cure(arguments: list[str], says: str, home: Home, scene: Path) -> None:
    assert scene.exists()
    done = home.sightline(*arguments)
    assert (done.code, done.out) == (2, b"")
    assert done.err.startswith("sightline: ")
    assert says in done.err
    assert "→" in done.err
    assert "Traceback" not in done.err


def test_a_question_of_a_hundred_thousand_characters_is_refused_in_a_sentence(home: Home, scene: Path) -> None:
    question = home.folder / "question.txt"
    question.write_text("where is the red circle? " * 4000)
    done = home.sightline("ask", question.read_text(), scene.name)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert len(done.err) < 1000, "the question itself was printed back"
    assert "→" in done.err


def test_a_worker_that_is_killed_while_loading_is_said_of_the_model(home: Home, scene: Path) -> None:
    with home.started("ask", LOCATE, scene) as process:
        worker_of(process.pid).kill()
        out, complaint = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out) == (4, b"")
    assert b"SIGKILL" in complaint
    assert b"demo-Q8_0.gguf" in complaint
    assert b"Traceback" not in complaint


def test_a_worker_that_is_killed_in_mid_answer_ends_it_with_5(home: Home) -> None:
    """Killed at the first letter. The demo model is quick, so the answer may be whole by then; then it is asked again."""
    draw_scene(5, (320, 240), fewest=6, most=6).render().save(home.folder / "many.png")
    for _ in range(10):
        with home.started("ask", "Locate every object, report bbox coordinates in JSON format.", "many.png") as process:
            worker = worker_of(process.pid)
            assert process.stdout is not None
            assert process.stdout.read(1)
            worker.kill()
            _, complaint = process.communicate(timeout=PATIENCE_S)
        if process.returncode != 0:
            break
    assert process.returncode == 5
    assert b"SIGKILL" in complaint
    assert "→ ask again".encode() in complaint
    assert b"Traceback" not in complaint


def test_ctrl_c_cancels_with_130_and_leaves_no_worker(home: Home, scene: Path) -> None:
    """The worker is held still, as one deep in a long computation is."""
    with in_terminal(home, "ask", LOCATE, scene) as terminal:
        worker = worker_of(terminal.pid)
        worker.suspend()
        terminal.press("ctrl+c")
        assert terminal.end() == 130
        assert "cancelled" in terminal.text
        assert "Traceback" not in terminal.text
    assert_gone(worker)


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGKILL])
def test_a_program_that_is_ended_takes_its_worker_along(ended_by: signal.Signals, home: Home, scene: Path) -> None:
    with home.started("ask", LOCATE, scene) as process:
        worker = worker_of(process.pid)
        worker.suspend()
        process.send_signal(ended_by)
        process.wait(PATIENCE_S)
        worker.resume()
    assert_gone(worker)


def test_a_reader_that_leaves_early_is_no_failure(home: Home, scene: Path) -> None:
    with home.started("ask", LOCATE, scene) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        complaint = process.stderr.read()
        process.wait(PATIENCE_S)
    assert b"Traceback" not in complaint
    assert b"BrokenPipe" not in complaint
