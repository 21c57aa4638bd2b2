"""A real llama-server with the demo model, built by set-up from the same source as our own llama.cpp."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import SPEC

PROGRAM = Path(sys.prefix) / "peers" / "bin" / "llama-server"
PATIENCE_S = 60.0
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class LlamaServer:
    """A server that is ready."""

    root: str
    """Its address, without /v1."""

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    def get(self, path: str) -> Any:
        with _DIRECT.open(f"{self.root}{path}", timeout=PATIENCE_S) as response:
            return json.load(response)

    def is_idle(self) -> bool:
        return not any(slot["is_processing"] for slot in self.get("/slots"))


@contextmanager
def running(log: Path, *more: str, text: Path = SPEC.text) -> Iterator[LlamaServer]:
    """A server on a free port of this machine, until the block is left. `text`: its language model."""
    if not PROGRAM.is_file():
        pytest.fail(f"{PROGRAM} is missing: scripts/setup --dev builds it")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    files = ["--model", str(text), *(() if "--no-mmproj" in more else ("--mmproj", str(SPEC.mmproj)))]
    small = ["--ctx-size", "8192", "--parallel", "2", "--threads", "1", "--no-warmup", "--slots", "--alias", "demo"]
    command = [str(PROGRAM), *files, *small, "--host", "127.0.0.1", "--port", str(port), *more]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        server = LlamaServer(f"http://127.0.0.1:{port}")
        _await_health(server, process, log)
        yield server
    finally:
        process.kill()
        process.wait()


def _await_health(server: LlamaServer, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers /health with 200; its own end interrupts the wait."""
    for _ in range(int(PATIENCE_S / 0.05)):
        try:
            server.get("/health")
        except (urllib.error.URLError, ConnectionError):
            pass  # not listening yet, or loading
        else:
            return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    pytest.fail(f"llama-server did not start:\n{log.read_text(errors='replace')[-2000:]}")
