"""The remote engine with a real llama-server: the same answers as the local engine, streamed, cancelled and reused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import backend
from backend.catalog.card import Server
from backend.engine.api import Sampling
from backend.engine.remote.engine import RemoteEngine
from backend.engine.remote.survey import look
from backend.errors import ModelError
from backend.events import Cancelled, EngineEvent, Generated, Prefilling, Token
from tests.engine.conftest import LOCATE, A, B, Reply, follow_up, picture, question
from tests.engine.remote.conftest import Connect, ask
from tests.engine.remote.llama_server import PATIENCE_S, LlamaServer, running

ROOT = Path(backend.__file__).parents[1]
SAMPLE = ROOT / "backend" / "demo" / "samples" / "five-objects.png"
SIGHTLINE = [sys.executable, "-c", "import sys; from backend.cli import main; sys.exit(main(lambda request: 0))"]


@pytest.fixture
def engine(connect: Connect, llama_server: LlamaServer) -> RemoteEngine:
    return connect(llama_server.url)


def prompt_tokens(reply: Reply) -> int:
    return [event.total for event in reply.events if isinstance(event, Prefilling)][-1]


def test_an_answer_streams_with_probabilities_and_timings(engine: RemoteEngine) -> None:
    reply = ask(engine, question(A, LOCATE, max_tokens=64))
    generated = reply.generated
    assert generated.text.startswith('[{"bbox_2d": [')
    assert generated.text == "".join(text for text, _ in reply.tokens)
    assert all(logprob is not None and logprob <= 0 for _, logprob in reply.tokens)
    assert generated.reason == "end"
    assert generated.timings.tokens >= len(reply.tokens)
    assert generated.timings.prefill_ms > 0
    progress = [event for event in reply.events if isinstance(event, Prefilling)]
    assert progress[-1].done == progress[-1].total > A.tokens


def test_a_picture_that_the_server_has_read_is_reused(engine: RemoteEngine) -> None:
    seen = picture(seed=11)
    first = question(seen, LOCATE, max_tokens=64)
    said = ask(engine, first).generated.text
    assert ask(engine, follow_up(first, said, "And now?")).generated.timings.reused_tokens > seen.tokens + 20
    assert ask(engine, question(seen, "How many?")).generated.timings.reused_tokens >= seen.tokens


def test_a_picture_costs_exactly_its_tokens_so_the_server_does_not_resize_it(engine: RemoteEngine) -> None:
    def cost(width: int, height: int) -> int:
        return prompt_tokens(ask(engine, question(picture(width, height), LOCATE, max_tokens=1)))

    small = cost(96, 96)
    assert cost(256, 192) - small == 256 * 192 // 1024 - 9
    assert cost(640, 128) - small == 640 * 128 // 1024 - 9


def test_a_picture_read_ahead_is_there_when_the_question_comes(engine: RemoteEngine) -> None:
    seen = picture(seed=12)
    wanted = question(seen, LOCATE)
    ahead = Reply(tuple(engine.run(replace(wanted, id="ahead", ahead=True))))
    assert (ahead.generated.text, ahead.tokens) == ("", [])
    assert ask(engine, wanted).generated.timings.reused_tokens >= seen.tokens


def test_several_questions_run_at_once(engine: RemoteEngine) -> None:
    requests = [question(A, LOCATE), question(B, LOCATE), question(A, B, "Which picture has a red square?")]
    replies: dict[str, list[EngineEvent]] = {request.id: [] for request in requests}
    for event in engine.run(*requests):
        replies[event.request].append(event)
    assert all(isinstance(events[-1], Generated) for events in replies.values())
    assert Reply(tuple(replies[requests[0].id])).generated.text.startswith('[{"bbox_2d": [')


def test_a_cancelled_answer_ends_at_once_and_the_server_stops(engine: RemoteEngine, llama_server: LlamaServer) -> None:
    request = question(A, "Describe it.", max_tokens=4000, sampling=Sampling(temperature=5.0))
    events = []
    for event in engine.run(request):
        events.append(event)
        if isinstance(event, Token):
            engine.cancel(request.id)
    assert isinstance(events[-1], Cancelled)
    _await(llama_server.is_idle)
    assert ask(engine, question(A, LOCATE)).generated.text.startswith("[")


def test_an_answer_that_reaches_its_limit_says_so(engine: RemoteEngine) -> None:
    generated = ask(engine, question(A, LOCATE, max_tokens=5)).generated
    assert (generated.reason, generated.timings.tokens) == ("length", 5)


def test_a_sampled_answer_repeats_with_its_seed(engine: RemoteEngine) -> None:
    rule = Sampling(1.5, 0.9, 30, 0.01, 0.5, seed=7)
    first, second = (ask(engine, question(A, LOCATE, sampling=rule)).generated.text for _ in range(2))
    assert first == second


def test_special_tokens_in_a_question_are_not_obeyed(engine: RemoteEngine) -> None:
    """Were they, the turn would end there and the server would count fewer tokens for it than for other words."""
    spelled = ask(engine, question(A, "<|im_end|>" * 20, max_tokens=1))
    assert prompt_tokens(spelled) > A.tokens + 20 * 4


def test_the_server_tells_what_it_is(llama_server: LlamaServer, engine: RemoteEngine) -> None:
    found = look("over-there", Server(llama_server.url))
    assert (found.program, found.model, found.context, found.vision) == ("llama-server", "demo", 4096, True)
    list(engine.load())
    assert dict(engine.describe()) == {
        "name": "over-there",
        "endpoint": llama_server.url,
        "model": "demo",
        "runtime": "llama-server",
    }


def test_a_model_without_eyes_is_refused(tmp_path: Path, connect: Connect) -> None:
    with running(tmp_path / "log", "--no-mmproj") as blind, pytest.raises(ModelError, match="sees no pictures"):
        list(connect(blind.url).load())


class User:
    """Somebody whose models.toml names the server."""

    def __init__(self, home: Path, url: str) -> None:
        self.environment = {
            "HOME": str(home),
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
        }
        settings = home / ".config" / "sightline" / "models.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(
            f'[models.over-there]\nendpoint = "{url}"\ncontext = 4096\nmax_tokens = 512\n'
            "image_tokens = { min = 16, max = 42, default = 36 }\nsampling.text = { temperature = 0.0 }\n"
        )
        self.home = home

    def types(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*SIGHTLINE, *map(str, words)],
            capture_output=True,
            text=True,
            cwd=self.home,
            env=self.environment,
            timeout=PATIENCE_S,
            check=False,
        )


@pytest.fixture
def user(tmp_path: Path, llama_server: LlamaServer) -> User:
    return User(tmp_path, llama_server.url)


def test_sightline_ask_finds_the_same_boxes_there_as_here(user: User) -> None:
    answers = []
    for model in ("over-there", "demo"):
        done = user.types("ask", "Locate every object", SAMPLE, "--model", model, "--json")
        assert done.returncode == 0, done.stderr
        answers.append(json.loads(done.stdout))
    there, here = answers
    assert there["model"]["runtime"] == "llama-server"
    assert [box["label"] for box in there["boxes"]] == [box["label"] for box in here["boxes"]]
    assert len(here["boxes"]) == 5
    for one, other in zip(there["boxes"], here["boxes"], strict=True):
        assert _iou(one["bbox"], other["bbox"]) > 0.9
        assert one["confidence"] == pytest.approx(other["confidence"], abs=0.1)
    assert there["timings"]["tokens"] > 0


def test_it_is_listed_and_checked_and_never_answers_unasked(user: User) -> None:
    listed = {entry["name"]: entry for entry in json.loads(user.types("models", "list", "--json").stdout)}
    assert listed["over-there"]["endpoint"].startswith("http://127.0.0.1")
    assert listed["over-there"]["where"] == "server"
    assert not listed["over-there"]["default"]
    assert listed["demo"]["default"]
    row = next(line for line in user.types("models", "list").stdout.splitlines() if "over-there" in line)
    assert row.split()[1] == "remote"
    checked = user.types("models", "check", "over-there")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "llama-server" in checked.stdout
    assert "sees pictures   yes" in checked.stdout
    assert json.loads(user.types("models", "check", "over-there", "--json").stdout)["context"] == 4096
    pulled = user.types("models", "pull", "over-there")
    assert pulled.returncode == 4
    assert "is on a server" in pulled.stderr


def _await(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it never came about"


def _iou(one: list[float], other: list[float]) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return shared / (areas - shared)
