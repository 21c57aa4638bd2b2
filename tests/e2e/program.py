"""The real `sightline`, started as a user starts it, in a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

SIGHTLINE = str(Path(sys.executable).with_name("sightline"))
PATIENCE_S = 60.0
"""How long anything may take before a test gives up: generous, as the machine may be busy. Nothing takes it by design."""

_WITHOUT_RIGHTS = """
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what lets root read what it may not
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv(sys.argv[1], sys.argv[1:])
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that is over."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


@dataclass(frozen=True, slots=True)
class Home:
    """A user without settings, models or history, and a folder to stand in."""

    root: Path

    @property
    def folder(self) -> Path:
        """The current folder of every run."""
        return self.root / "pictures"

    def environment(self, **more: str) -> dict[str, str]:
        """Nothing of the machine's own, but where programs and the code under test are; the hub is switched off, as no test may
        reach it."""
        code = {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}
        return {
            **code,
            "HOME": str(self.root),
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "HF_HUB_OFFLINE": "1",
            "SIGHTLINE_ENGINE": "private",
            **more,
        }

    def sightline(self, *arguments: str | Path, stdin: bytes = b"", without_rights: bool = False, **environment: str) -> Ended:
        """Run it to its end, with pipes instead of a terminal."""
        command = [SIGHTLINE, *map(str, arguments)]
        done = subprocess.run(
            [sys.executable, "-c", _WITHOUT_RIGHTS, *command] if without_rights else command,
            input=stdin,
            cwd=self.folder,
            env=self.environment(**environment),
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr.decode())

    @contextmanager
    def started(self, *arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
        """Start it and let the test interfere; whatever is left of it is ended afterwards."""
        process = subprocess.Popen(
            [SIGHTLINE, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def worker_of(pid: int) -> psutil.Process:
    """The engine's process of a running sightline, as soon as there is one."""
    parent = psutil.Process(pid)
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        for child in parent.children(recursive=True):
            with suppress(psutil.Error):  # it may be between fork and exec, or gone
                if "backend.engine.worker" in child.cmdline():
                    return child
    raise AssertionError("no engine process was started")


def assert_gone(worker: psutil.Process) -> None:
    _, alive = psutil.wait_procs([worker], timeout=PATIENCE_S)
    assert alive == []
