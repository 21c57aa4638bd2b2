"""A hub to pull from: two real HTTP servers in threads, one that knows the files and one that holds their bytes.

Like the real one, the first answers /OWNER/NAME/resolve/REVISION/FILE with a redirect to the second, and says size,
SHA-256 and commit in headers. Everything that can go wrong on the way can be asked for.
"""

from __future__ import annotations

import hashlib
import socket
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

COMMIT = "c0ffee" + "0" * 34


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    server: str
    method: str
    path: str
    range: str | None
    authorization: str | None


@dataclass
class Trouble:
    """What the servers do wrong; the defaults are nothing."""

    cut_after: list[int] = field(default_factory=list)
    """For each coming download, in turn: how many bytes of its body are sent before the connection breaks."""
    statuses: list[int] = field(default_factory=list)
    """For each coming download, in turn: an error status instead of the file."""
    wrong_bytes: bool = False
    """The body has the right length and other bytes."""
    ignores_range: bool = False
    says_no_hash: bool = False
    size: int | None = None
    """A size to announce that is not the file's."""
    token: str | None = None
    """Requests without this token are refused as the real hub does."""
    hold_at: int | None = None
    """Downloads pause after so many bytes, until `release` is set."""
    release: Event = field(default_factory=Event)


@dataclass
class Hub:
    """The two servers, what they hold, and what they have seen."""

    url: str = ""
    cdn_url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    """`OWNER/NAME/FILE` → content."""
    trouble: Trouble = field(default_factory=Trouble)
    seen: list[Seen] = field(default_factory=list)

    @property
    def downloads(self) -> list[Seen]:
        """The requests that were answered with (a part of) a file."""
        return [request for request in self.seen if request.server == "cdn" and request.method == "GET"]


@contextmanager
def running_hub(files: dict[str, bytes]) -> Iterator[Hub]:
    """Both servers on free ports of this machine, until the block is left."""
    hub = Hub(files=files)
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), _handler(kind, hub)) for kind in (_Front, _Store)]
    hub.url, hub.cdn_url = (f"http://127.0.0.1:{server.server_port}" for server in servers)
    threads = [Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield hub
    finally:
        hub.trouble.release.set()
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()


class _Handler(BaseHTTPRequestHandler, ABC):
    protocol_version = "HTTP/1.1"
    hub: Hub
    server_name: str

    def do_HEAD(self) -> None:
        self._note()
        self.answer()

    def do_GET(self) -> None:
        self._note()
        self.answer()

    @abstractmethod
    def answer(self) -> None:
        """What this server says to a request that was noted."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests look at `seen`."""

    def _note(self) -> None:
        headers = self.headers
        self.hub.seen.append(
            Seen(self.server_name, self.command, self.path, headers.get("Range"), headers.get("Authorization"))
        )

    def reply(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()


class _Front(_Handler):
    """huggingface.co: says what a file is, and where its bytes are."""

    server_name = "hub"

    def answer(self) -> None:
        trouble = self.hub.trouble
        if trouble.token and self.headers.get("Authorization") != f"Bearer {trouble.token}":
            self.reply(401, {"X-Error-Message": "Invalid credentials in Authorization header"})
            return
        repo, _, rest = self.path.strip("/").partition("/resolve/")
        revision, _, name = rest.partition("/")
        if not any(key.startswith(f"{repo}/") for key in self.hub.files):
            self.reply(404, {"X-Error-Code": "RepoNotFound"})
            return
        content = self.hub.files.get(f"{repo}/{name}")
        if content is None or revision not in ("main", COMMIT):
            self.reply(404, {"X-Error-Code": "EntryNotFound"})
            return
        digest = hashlib.sha256(content).hexdigest()
        linked = {} if trouble.says_no_hash else {"X-Linked-Etag": f'"{digest}"'}
        self.reply(
            302,
            linked
            | {
                "Location": f"{self.hub.cdn_url}/{repo}/{name}?signature=once",
                "X-Linked-Size": str(len(content) if trouble.size is None else trouble.size),
                "X-Repo-Commit": COMMIT,
                "ETag": '"of-the-redirect"',
            },
        )


class _Store(_Handler):
    """The CDN: bytes, in ranges, as long as the connection holds."""

    server_name = "cdn"

    def answer(self) -> None:
        trouble = self.hub.trouble
        content = self.hub.files[self.path.partition("?")[0].strip("/")]
        if trouble.statuses:
            self.reply(trouble.statuses.pop(0), {})
            return
        if trouble.wrong_bytes:
            content = bytes(byte ^ 1 for byte in content[:1000]) + content[1000:]
        asked = self.headers.get("Range")
        start = int(asked.removeprefix("bytes=").partition("-")[0]) if asked and not trouble.ignores_range else 0
        body = content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        self._send(body)

    def _send(self, body: bytes) -> None:
        trouble = self.hub.trouble
        end = trouble.cut_after.pop(0) if trouble.cut_after else len(body)
        hold = trouble.hold_at if trouble.hold_at is not None and trouble.hold_at < end else end
        try:
            self.wfile.write(body[:hold])
            if hold < end:
                self.wfile.flush()
                trouble.release.wait()
                self.wfile.write(body[hold:end])
        except ConnectionError:
            return  # whoever pulled has gone
        if end < len(body):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True


def _handler(kind: type[_Handler], hub: Hub) -> type[_Handler]:
    return type(kind.__name__, (kind,), {"hub": hub})
