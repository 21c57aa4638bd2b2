"""One life of the worker process: how it is started, what it leaves behind when it dies, and how it is ended.

It gets a session of its own, so that Ctrl-C in the terminal reaches only the program, and never sees the terminal:
its output goes to a log file from its first instruction on.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import platformdirs

import backend
from backend.engine.api import ModelSpec
from backend.engine.wire import Channel, Load, version
from backend.language import _
from backend.sanitise import one_line

LOG_LIMIT = 1 << 20
"""Bytes after which the next start moves the log aside."""

LOG_FORMAT = "%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"
ENTRY = re.compile(r"[-0-9]+ [:,0-9]+ (?P<pid>\d+) \S+ (?P<level>[A-Z]+) (?P<message>.*)")

GRACE_S = 2.0
"""How long a worker that was told to leave may take before it is killed."""


def log_file() -> Path:
    """Where the engine writes what llama.cpp says."""
    return Path(platformdirs.user_log_dir("sightline", appauthor=False)) / "engine.log"


def opened_log() -> tuple[int, Path]:
    """The log, open for appending, and its path; the null device where no log can be written."""
    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_name("engine.log.1"))
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), path
    except OSError:
        return os.open(os.devnull, os.O_WRONLY), Path(os.devnull)


def child_environment() -> dict[str, str]:
    """Ours, with this very package findable: from a wheel, and from a checkout, whatever the current folder is."""
    home = str(Path(backend.__file__).parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([home, inherited] if inherited else [home])}


def started(descriptor: int, log: int, *options: str, folder: str | None = None) -> subprocess.Popen[bytes]:
    """A worker that is given that socket, writes to that log, and stands in that folder, or in ours."""
    return subprocess.Popen(
        # -P: a file named like a module, in the folder of pictures we stand in, is not imported
        [sys.executable, "-P", "-m", "backend.engine.worker", str(descriptor), *options],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=[descriptor],
        env=child_environment(),
        cwd=folder,
        start_new_session=True,
    )


def last_words(log: Path, start: int, pid: int) -> str:
    """The last complaint of that process after `start` in the log; empty where its last line is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(start, log.stat().st_size - 4096))
            lines = file.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    for line in reversed(lines):
        entry = ENTRY.fullmatch(line.strip())
        if entry is None and line.strip():
            return one_line(line.strip(), 200)  # not logged but printed: a failed assertion, an uncaught exception
        if entry is not None and entry["pid"] == str(pid):
            return one_line(entry["message"], 200) if entry["level"] in ("WARNING", "ERROR") else ""
    return ""


class WorkerProcess:
    """A started worker, and our end of the socket to it."""

    def __init__(self, spec: ModelSpec) -> None:
        """Start it, and have it read the model; it reports on `channel`."""
        ours, theirs = socket.socketpair()
        log, self._log = opened_log()
        self._log_start = os.fstat(log).st_size
        try:
            self._process = started(theirs.fileno(), log)
        finally:
            theirs.close()
            os.close(log)
        self.channel = Channel(ours)
        with contextlib.suppress(OSError):  # it ended at once; whoever receives finds out
            self.channel.send(Load(spec, version()))

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End it now; a thread that waits for its next report gets None."""
        if self._process.poll() is None:
            self._process.kill()

    def epitaph(self) -> str:
        """How a worker ended that closed its side, and its last complaint, in half a sentence."""
        status = self._reap()
        how = _("exit code {status}").format(status=status) if status >= 0 else f"signal {signal.Signals(-status).name}"
        last = last_words(self._log, self._log_start, self._process.pid)
        return _("{how}; its last words: {last}").format(how=how, last=last) if last else how

    def close(self) -> None:
        """Hang up, which ends the worker; kill it if it does not listen. Leaves no zombie."""
        self.channel.close()
        self._reap()

    def _reap(self) -> int:
        try:
            return self._process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
