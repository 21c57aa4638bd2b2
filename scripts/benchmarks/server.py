"""llama-server from the same llama.cpp source, with its prompt cache, over HTTP as its clients speak to it."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence

from .setting import Setting, Shown
from .sides import Reply, SideFailed, limited


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def command(setting: Setting, port: int) -> list[str]:
    """How it is started: one slot, as one user asks; everything else as it comes."""
    return [
        str(setting.peers / "llama-server"),
        *("--model", str(setting.text)),
        *("--mmproj", str(setting.mmproj)),
        *("--ctx-size", str(setting.context)),
        *("--parallel", "1"),
        *("--threads", str(setting.threads)),
        *("--threads-batch", str(setting.threads)),
        *("--batch-size", "512"),
        *("--ubatch-size", "512"),
        *("--n-gpu-layers", "999" if setting.gpu else "0"),
        *(() if setting.gpu else ("--no-mmproj-offload",)),
        *("--host", "127.0.0.1", "--port", str(port)),
        "--no-webui",
    ]


class Server:
    """A llama-server of our own."""

    name = "llama-server"

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if not (self._setting.peers / "llama-server").is_file():
            raise SideFailed(f"there is no llama-server in {self._setting.peers.name}")
        with (self._setting.home / "llama-server.log").open("wb") as log:
            self._process = subprocess.Popen(
                command(self._setting, self._port), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        with limited(self._setting.limit_s, self.close):
            while not self._is_ready():
                if self._process.poll() is not None:
                    raise SideFailed(f"it ended with exit code {self._process.returncode} while loading")
                time.sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def ask(self, pictures: Sequence[Shown], question: str, tokens: int) -> Reply:
        body = _body(pictures, question, tokens)
        stamps: list[float] = []
        text = ""
        with limited(self._setting.limit_s, self.close):
            started = time.perf_counter()
            for piece in self._pieces(body):
                stamps.append(time.perf_counter())
                text += piece
        if not stamps:
            raise SideFailed("it answered nothing")
        return Reply((stamps[0] - started) * 1000, (time.perf_counter() - started) * 1000, text, len(stamps))

    def _pieces(self, body: bytes) -> Iterator[str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._setting.limit_s)
        connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        if response.status != 200:
            raise SideFailed(f"HTTP {response.status}: {response.read(200).decode('utf-8', 'replace')}")
        for line in response:
            if not line.startswith(b"data: "):
                continue  # an empty line, or the comment that keeps a silent stream alive
            data = line.removeprefix(b"data: ").strip()
            if data == b"[DONE]":
                continue
            for choice in json.loads(data).get("choices", []):
                piece = choice["delta"].get("content")
                if piece:
                    yield piece

    @property
    def pid(self) -> int:
        if self._process is None:
            raise SideFailed("it was not started")
        return self._process.pid

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _body(pictures: Sequence[Shown], question: str, tokens: int) -> bytes:
    images = [
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{base64.b64encode(shown.png).decode()}"}}
        for shown in pictures
    ]
    content = [*images, {"type": "text", "text": question}]
    return json.dumps(
        {
            "messages": [{"role": "user", "content": content}],
            "stream": True,
            "temperature": 0,
            "max_tokens": tokens,
            "cache_prompt": True,
        }
    ).encode()
