"""A peer in a Python process of its own, spoken to in lines of JSON: llama_cpp is not loaded into the process that measures."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .sides import SideFailed, limited

_ROOT = Path(__file__).resolve().parents[2]


class Partner:
    """Our end: start it, ask it, end it."""

    def __init__(self, module: str, log: Path, limit_s: float) -> None:
        self._limit_s = limit_s
        self._log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )

    def ask(self, **order: Any) -> Iterator[Any]:
        """What it says to one order, until it says that this is all."""
        with limited(self._limit_s, self.kill):
            yield from self._answers(order)

    def _answers(self, order: dict[str, Any]) -> Iterator[Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
        except OSError as error:
            raise SideFailed(self._epitaph()) from error
        for line in self.process.stdout:
            said = json.loads(line)
            if said == "end":
                return
            yield said
        raise SideFailed(self._epitaph())

    def _epitaph(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        last = self._log.read_text("utf-8", "replace").strip().splitlines()[-1:]
        return f"its process ended ({self.process.poll()}){': ' + last[0][:200] if last else ''}"

    def kill(self) -> None:
        self.process.kill()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def serve(answer: Callable[[dict[str, Any]], Iterator[Any]]) -> None:
    """Their end: answer orders for as long as there are any.

    What llama.cpp prints, or a library that redirects descriptors, must not end up among the answers: they go to a copy of
    standard output, which itself becomes standard error.
    """
    lines = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        for said in answer(json.loads(line)):
            print(json.dumps(said), file=lines, flush=True)
        print(json.dumps("end"), file=lines, flush=True)
