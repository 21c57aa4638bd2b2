"""Shared workers in a runtime folder of the test's own, and sessions that can be killed and suspended."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

import backend
from backend.engine.api import Request, Sampling
from backend.engine.opening import open_engine
from backend.engine.rendezvous import connected, socket_of
from backend.engine.running import running, stop
from backend.engine.supervisor import WorkerEngine
from backend.engine.wire import Channel, EngineStatus, Watch, version
from backend.scene import Raster
from tests.engine.conftest import SPEC, question, workers

Sessions = Callable[[], WorkerEngine]


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Short, as the path of a Unix socket must be; nothing that was started in it outlives the test."""
    folder = Path(tempfile.mkdtemp(prefix="sl-", dir="/tmp"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("SIGHTLINE_ENGINE", "shared")
    yield folder / "sightline"
    monkeypatch.undo()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    for engine in [] if (folder / "sightline").is_symlink() else running():
        stop(engine.pid, engine.socket)
    for worker in workers():
        worker.kill()
    shutil.rmtree(folder)


@pytest.fixture
def session() -> Iterator[Sessions]:
    """Makes engines as sessions have them; they are closed in the end."""
    opened: list[WorkerEngine] = []

    def new() -> WorkerEngine:
        opened.append(open_engine(SPEC))
        return opened[-1]

    yield new
    for engine in opened:
        engine.close()


def endless(raster: Raster, seed: int = 0, max_tokens: int = 1500) -> Request:
    """A question whose answer is noise, and goes on until it is given up."""
    return question(raster, "Say anything.", max_tokens=max_tokens, sampling=Sampling(temperature=50.0, seed=seed))


def socket() -> Path:
    return socket_of(SPEC)


def worker() -> psutil.Process:
    """The only one."""
    [process] = workers()
    return process


class Watched:
    """What the worker tells those who watch it."""

    def __init__(self) -> None:
        end = connected(socket(), 30)
        assert end is not None
        self.channel = Channel(end)
        self.channel.send(Watch(version()))

    def until(self, wanted: Callable[[EngineStatus], bool]) -> EngineStatus:
        while True:
            status = self.channel.receive()
            assert isinstance(status, EngineStatus)
            if wanted(status):
                return status


@contextmanager
def other_session(*, questions: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """A program of its own in the middle of long answers; it waits for its standard input before it reads more of them."""
    script = (
        "import sys\n"
        "from backend.engine.opening import open_engine\n"
        "from backend.events import Token\n"
        "from tests.engine.conftest import SPEC, A\n"
        "from tests.engine.shared.conftest import endless\n"
        f"events = open_engine(SPEC).run(*(endless(A, seed) for seed in range({questions})))\n"
        "next(event for event in events if isinstance(event, Token))\n"
        "print('answering', flush=True)\n"
        "sys.stdin.read()\n"
    )
    folder = Path(backend.__file__).parent.parent
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder) as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == b"answering\n"
            yield program
        finally:
            program.kill()
