"""The worker and its surroundings: the terminal, the program that started it, the log, the import wall."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

import backend
from backend.engine.priority import BESIDE_KEYS, NICENESS
from backend.engine.process import log_file
from backend.engine.supervisor import WorkerEngine
from tests.engine.conftest import LOCATE, SPEC, A, answers, ask, question, workers


def program(tmp_path: Path, body: str) -> list[str]:
    """A script outside the repository, with the engine at hand."""
    script = tmp_path / "script.py"
    root = Path(backend.__file__).parent.parent
    script.write_text(
        f"import sys; sys.path.insert(0, {str(root)!r})\n"
        "from pathlib import Path\n"
        "from backend.engine.api import *\n"
        "from backend.engine.supervisor import WorkerEngine\n"
        "from backend.scene import Raster\n"
        f"spec = ModelSpec('demo', Path({str(SPEC.text)!r}), Path({str(SPEC.mmproj)!r}), 2048, 0, 512)\n"
        "request = Request((Message('user', (Raster(64, 64, bytes(64 * 64 * 3)), 'Where?')),), Sampling(), 8)\n"
        "engine = WorkerEngine(spec)\n" + body
    )
    return [sys.executable, str(script)]


def test_silence_from_loading_to_closing(tmp_path: Path) -> None:
    (tmp_path / "backend.py").write_text("raise SystemExit('a module in the current folder was imported')")
    (tmp_path / "numpy.py").write_text("raise SystemExit('a module in the current folder was imported')")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    body = (
        "ends = [type(list(engine.run(request))[-1]).__name__ for _ in range(2)]\n"
        "engine.close()\n"
        "sys.exit(ends != ['Generated'] * 2)\n"
    )
    run = subprocess.run(program(elsewhere, body), capture_output=True, cwd=tmp_path, check=False)
    assert (run.stdout, run.stderr, run.returncode) == (b"", b"", 0)
    assert "llama.cpp INFO" in log_file().read_text()


def test_the_worker_does_not_outlive_a_killed_program(tmp_path: Path) -> None:
    body = "list(engine.run(request))\nimport psutil; print(psutil.Process().children()[0].pid, flush=True)\nsys.stdin.read()\n"
    with subprocess.Popen(program(tmp_path, body), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    assert psutil.wait_procs([worker], timeout=30)[1] == []


def test_the_terminals_interrupt_does_not_reach_the_worker(engine: WorkerEngine) -> None:
    ask(engine, question(A, LOCATE, max_tokens=1))
    [worker] = workers()
    assert os.getsid(worker.pid) == worker.pid, "a session of its own: Ctrl-C goes to the terminal's"
    os.kill(worker.pid, signal.SIGINT)
    assert answers(engine)
    assert workers() == [worker]


def test_on_the_processor_the_worker_stands_back_for_whoever_types(engine: WorkerEngine) -> None:
    answers(engine)
    [worker] = workers()
    niceness = max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) == niceness
    autogroup = Path(f"/proc/{worker.pid}/autogroup")
    with contextlib.suppress(OSError):  # sessions share the processor as their processes do
        assert autogroup.read_text().split()[-1] == str(niceness)
        for wanted, tell in ((max(BESIDE_KEYS, niceness), True), (niceness, False)):
            give_up = time.monotonic() + 30
            while autogroup.read_text().split()[-1] != str(wanted):
                assert time.monotonic() < give_up
                if tell:
                    engine.give_way()
                time.sleep(0.05)


def test_ctrl_c_while_waiting_leaves_an_engine_that_can_be_asked_again(engine: WorkerEngine) -> None:
    ask(engine, question(A, LOCATE, max_tokens=1))
    [worker] = workers()
    worker.suspend()  # so that nothing comes, and the program waits
    events = engine.run(question(A, LOCATE))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
    interrupt = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    interrupt.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            next(events)
    finally:
        signal.signal(signal.SIGINT, before)
        worker.resume()
    assert answers(engine)
    assert workers() == [worker]


def test_a_large_log_is_moved_aside(engine: WorkerEngine) -> None:
    log_file().parent.mkdir(parents=True, exist_ok=True)
    log_file().write_bytes(b"x" * (2 << 20))
    ask(engine, question(A, LOCATE, max_tokens=1))
    assert log_file().stat().st_size < 1 << 20
    assert log_file().with_name("engine.log.1").stat().st_size == 2 << 20


def test_a_log_that_cannot_be_written_is_done_without(engine: WorkerEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    assert answers(engine)


def test_the_program_itself_never_loads_llama_cpp() -> None:
    code = "import sys, backend.engine.supervisor; sys.exit(bool({'llama_cpp', 'numpy', 'PIL', 'psutil'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(backend.__file__).parent.parent, check=False).returncode == 0
