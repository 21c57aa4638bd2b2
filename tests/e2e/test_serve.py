"""`sightline serve` as a program: it keeps an engine that sessions find, shows it, and stops it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.program import SIGHTLINE, Ended, Home

LOCATE = "Locate the red circle, report bbox coordinates in JSON format."


@pytest.fixture
def place() -> Iterator[str]:
    """A runtime folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="sl-", dir="/tmp"))
    yield str(folder)
    shutil.rmtree(folder)


def run(home: Home, place: str, *arguments: str | Path) -> Ended:
    return home.sightline(*arguments, XDG_RUNTIME_DIR=place, SIGHTLINE_ENGINE="auto")


def engines(home: Home, place: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(run(home, place, "serve", "--status", "--json").out)
    return listed


@contextmanager
def serving(home: Home, place: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`sightline serve`, ready; its engine is stopped in the end."""
    command = [SIGHTLINE, "serve", "--model", "demo", *options]
    environment = home.environment(XDG_RUNTIME_DIR=place, SIGHTLINE_ENGINE="auto")
    with subprocess.Popen(command, cwd=home.folder, env=environment, stderr=subprocess.PIPE, text=True) as keeper:
        try:
            assert heard(keeper, "ready")
            yield keeper
        finally:
            run(home, place, "serve", "--stop")
            keeper.kill()


def heard(keeper: subprocess.Popen[str], word: str) -> bool:
    """Whether it says that before it ends."""
    assert keeper.stderr is not None
    return any(word in line for line in keeper.stderr)


def test_sessions_find_the_engine_that_is_kept_and_it_can_be_stopped(home: Home, place: str, scene: Path) -> None:
    with serving(home, place) as keeper:
        [engine] = engines(home, place)
        assert (engine["model"], engine["state"], engine["sessions"], engine["answering"]) == ("demo", "ready", 0, 0)
        assert engine["memory_bytes"] > 0
        asked = run(home, place, "ask", LOCATE, scene.name, "--json")
        assert json.loads(asked.out)["timings"]["load_ms"] == 0
        assert heard(keeper, "1 session")
        assert heard(keeper, "no sessions")
        table = run(home, place, "serve", "--status")
        assert str(engine["pid"]) in table.text
        stopped = run(home, place, "serve", "--stop")
        assert (stopped.code, stopped.out) == (0, b"")
        assert f"stopped demo (process {engine['pid']})" in stopped.err
        assert heard(keeper, "stopped")
        assert keeper.wait(60) == 0
    assert engines(home, place) == []
    assert "no engine is running" in run(home, place, "serve", "--status").err


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_takes_the_unused_engine_along(home: Home, place: str, told: signal.Signals) -> None:
    with serving(home, place) as keeper:
        keeper.send_signal(told)
        assert heard(keeper, "stopped")
        assert keeper.wait(60) == 0
        assert engines(home, place) == []


def test_it_ends_when_nobody_came(home: Home, place: str) -> None:
    with serving(home, place, "--idle", "0.001") as keeper:
        assert heard(keeper, "nobody came")
        assert keeper.wait(60) == 0
        assert engines(home, place) == []


def test_what_does_not_go_together(home: Home, place: str) -> None:
    assert run(home, place, "serve", "--status", "--stop").code == 2
    assert run(home, place, "serve", "--json").code == 2
    assert run(home, place, "serve", "--model", "unknown").code == 4
