"""A server that does what a test tells it to, above all what a server should not do. Real HTTP on a free port."""

from __future__ import annotations

import json
import socket
import ssl
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, Literal


@dataclass(frozen=True)
class Status:
    """An answer with that status and no stream."""

    code: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stream:
    """Events, each written as it is where it is text, and how it ends."""

    events: Sequence[dict[str, Any] | str]
    end: Literal["done", "silent", "cut", "hold"] = "done"
    """With [DONE]; in order but without it; broken off; or going on without a word until the test or the client ends it."""
    content_type: str = "text/event-stream"


Reply = Status | Stream | Literal["never", "drop"]


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, **more}]}


def finished(reason: str = "stop", **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}], **more}


HELLO = Stream([said("Hello"), finished()])


@dataclass(frozen=True)
class Seen:
    port: int
    """The client's end of the connection."""
    path: str
    authorization: str | None
    body: dict[str, Any]


@dataclass
class Unruly:
    """What it answers and what it has seen."""

    url: str = ""
    replies: deque[Reply] = field(default_factory=deque)
    """For each coming completion, in turn; HELLO when none is left."""
    models: Reply = field(default_factory=lambda: Status(200, json.dumps({"data": [{"id": "the-model", "owned_by": "vllm"}]})))
    seen: list[Seen] = field(default_factory=list)
    held: Event = field(default_factory=Event)
    """A reply that never ends has been begun."""
    hung_up: Event = field(default_factory=Event)
    """Its client has closed the connection."""
    release: Event = field(default_factory=Event)

    @property
    def asked(self) -> list[Seen]:
        """The completions that were asked for."""
        return [seen for seen in self.seen if seen.path.endswith("/chat/completions")]


@contextmanager
def running_unruly(certificate: Path | None = None) -> Iterator[Unruly]:
    """On a free port, until the block is left; with a `certificate` (and its key, in one file) it speaks TLS."""
    unruly = Unruly()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("_Handler", (_Handler,), {"unruly": unruly}))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that distrusts it hangs up
    unruly.url = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield unruly
    finally:
        unruly.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    unruly: Unruly

    def do_GET(self) -> None:
        self._note({})
        self._give(self.unruly.models)

    def do_POST(self) -> None:
        self._note(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._give(self.unruly.replies.popleft() if self.unruly.replies else HELLO)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests look at `seen`."""

    def _note(self, body: dict[str, Any]) -> None:
        self.unruly.seen.append(Seen(self.client_address[1], self.path, self.headers.get("Authorization"), body))

    def _give(self, reply: Reply) -> None:
        with suppress(ConnectionError):  # the client may have had enough
            match reply:
                case "never":
                    self._hold()
                case "drop":
                    self._cut()
                case Status(code, body, headers):
                    self.send_response(code)
                    for name, value in {"Content-Length": str(len(body.encode())), **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body.encode())
                case Stream():
                    self._stream(reply)

    def _stream(self, reply: Stream) -> None:
        self.send_response(200)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in reply.events:
            self._chunk(event if isinstance(event, str) else f"data: {json.dumps(event)}\n\n")
        if reply.end == "hold":
            self._hold()
        if reply.end == "cut":
            self._cut()
            return
        if reply.end == "done":
            self._chunk("data: [DONE]\n\n")
        self._chunk("")

    def _chunk(self, text: str) -> None:
        raw = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))
        self.wfile.flush()

    def _hold(self) -> None:
        """Say nothing more until the client leaves or the test lets go."""
        self.unruly.held.set()
        self.connection.settimeout(0.01)
        while not self.unruly.release.is_set():
            try:
                if not self.connection.recv(1):
                    self.unruly.hung_up.set()
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                self.unruly.hung_up.set()
                break
        self.close_connection = True

    def _cut(self) -> None:
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True
