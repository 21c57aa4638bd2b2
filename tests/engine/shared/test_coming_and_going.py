"""One worker's life: how it ends, who is told, and what comes after it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from backend.engine import process, shared
from backend.engine.opening import open_engine
from backend.engine.process import child_environment
from backend.engine.shared import SharedWorker
from backend.engine.supervisor import WorkerEngine
from backend.errors import EngineFailure, ModelError
from backend.events import EngineEvent, Failed, Token
from tests.engine.conftest import LOCATE, SPEC, A, answers, ask, question, workers
from tests.engine.shared.conftest import Sessions, endless, other_session, socket, worker


def test_when_it_dies_all_sessions_are_told_and_the_next_question_starts_one_new_worker(session: Sessions) -> None:
    engines = [session(), session()]
    streams = [engine.run(*(endless(A, seed, max_tokens=200) for seed in range(10))) for engine in engines]
    for events in streams:
        next(event for event in events if isinstance(event, Token))
    first = worker()
    first.kill()
    for events in streams:
        end = list(events)[-1]
        assert isinstance(end, Failed)
        assert isinstance(end.error, EngineFailure)
        assert "died while answering" in str(end.error)
        assert "ask again" in end.error.cure
    again: list[bool] = []
    threads = [threading.Thread(target=lambda engine=engine: again.append(answers(engine))) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert again == [True, True]
    assert worker() != first


@pytest.mark.parametrize("idle_s", [0.0, 0.2])
def test_it_ends_when_nobody_has_been_here_for_the_idle_time(idle_s: float) -> None:
    engine = WorkerEngine(SPEC, lambda spec: SharedWorker(spec, idle_s))
    assert answers(engine)
    first = worker()
    assert socket().exists()
    engine.close()
    assert psutil.wait_procs([first], timeout=60)[1] == []
    assert not socket().exists()


def test_a_session_leaves_it_running_for_the_next(session: Sessions) -> None:
    engine = session()
    assert answers(engine)
    first = worker()
    engine.close()
    assert ask(session(), question(A, LOCATE)).generated.timings.load_ms == 0
    assert worker() == first


def test_it_outlives_the_program_that_started_it(session: Sessions) -> None:
    with other_session() as program:
        [started] = [child for child in psutil.Process(program.pid).children() if "backend.engine.worker" in child.cmdline()]
        program.kill()
    assert ask(session(), question(A, LOCATE)).generated.timings.load_ms == 0
    assert started.is_running()
    assert workers() == []


def test_told_to_end_it_says_so_and_removes_its_socket(session: Sessions) -> None:
    engine = session()
    events = engine.run(endless(A))
    next(event for event in events if isinstance(event, Token))
    first = worker()
    first.terminate()
    end = list(events)[-1]
    assert isinstance(end, Failed)
    assert "was stopped" in str(end.error)
    assert "ask again" in end.error.cure
    assert psutil.wait_procs([first], timeout=60)[1] == []
    assert not socket().exists()
    assert answers(engine)


def test_a_model_that_cannot_be_loaded_frees_the_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    engines = [open_engine(replace(SPEC, text=broken)) for _ in range(2)]
    for engine in engines:
        end = ask(engine, question(A, LOCATE)).end
        assert isinstance(end, Failed)
        assert isinstance(end.error, ModelError)
        assert "broken.gguf" in str(end.error)
        engine.close()
    assert psutil.wait_procs(workers(), timeout=60)[1] == []
    assert not list(socket().parent.glob("*.sock"))


def test_a_socket_that_a_killed_worker_left_behind_is_replaced(session: Sessions) -> None:
    engine = session()
    assert answers(engine)
    worker().kill()
    engine.close()
    assert socket().exists()
    assert answers(session())


def test_a_worker_whose_socket_was_removed_leaves_with_its_last_session(session: Sessions) -> None:
    engine = session()
    assert answers(engine)
    first = worker()
    socket().unlink()
    engine.close()
    assert psutil.wait_procs([first], timeout=60)[1] == []


def test_one_that_hangs_is_reported_with_what_to_do(session: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers(session())
    worker().suspend()
    monkeypatch.setattr(shared, "PATIENCE_S", 0.5)
    end: EngineEvent = ask(session(), question(A, LOCATE)).end
    worker().resume()
    assert isinstance(end, Failed)
    assert "does not answer" in str(end.error)
    assert "sightline serve --stop" in end.error.cure


# Versions


def test_a_program_of_another_version_is_refused_while_somebody_is_here(
    session: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = session()
    assert answers(engine)
    first = worker()
    with monkeypatch.context() as changed:
        changed.setattr(shared, "version", lambda: "another")
        end = ask(session(), question(A, LOCATE)).end
    assert isinstance(end, Failed)
    assert "another version of sightline" in str(end.error)
    assert "sightline serve --stop" in end.error.cure
    assert answers(engine)
    assert worker() == first


OLDER = """
from backend.engine import wire
wire.version = lambda: "older"
from backend.engine.worker import main
main()
"""


def older(descriptor: int, log: int, *options: str, folder: str | None = None) -> subprocess.Popen[bytes]:
    """A worker of another version."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", OLDER, str(descriptor), *options],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=[descriptor],
        env=child_environment(),
        cwd=folder,
    )


def test_a_worker_of_another_version_that_nobody_uses_makes_room(session: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as changed:
        changed.setattr(process, "started", older)
        changed.setattr(shared, "version", lambda: "older")
        before = session()
        assert answers(before)
    assert workers() == []
    end = ask(session(), question(A, LOCATE)).end
    assert isinstance(end, Failed), "somebody uses it"
    before.close()
    assert answers(session())
    assert "-c" not in worker().cmdline()


def test_it_ends_for_signals_that_come_early(session: Sessions) -> None:
    events = session().run(question(A, LOCATE))
    next(events)
    worker().send_signal(signal.SIGTERM)
    assert isinstance(list(events)[-1], Failed)
    assert answers(session())
