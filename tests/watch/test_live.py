"""A stream from the network that is really there, dies and comes back; and devices that are no cameras."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from backend.media.film.live import shown_address
from backend.watch import Reconnecting, SourceLost, UnusableSource, open_source
from backend.watch.grabber import Grabber
from backend.watch.mailbox import Mailbox
from tests.watch.station import SIZE

PATIENCE_S = 30.0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def station(port: int, frames: int, fps: int = 25) -> Iterator[subprocess.Popen[bytes]]:
    """A camera in a process of its own, ready for a viewer."""
    with subprocess.Popen([sys.executable, "-m", "tests.watch.station", str(port), str(frames), str(fps)]) as process:
        deadline = time.monotonic() + PATIENCE_S
        while not listens(port) and time.monotonic() < deadline:
            assert process.poll() is None
            time.sleep(0.02)
        yield process
        process.kill()


def listens(port: int) -> bool:
    """Whether somebody waits for a viewer there, without becoming one."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


def test_a_camera_that_is_killed_and_started_again_goes_on_where_it_was() -> None:
    port, told, box = free_port(), list[Reconnecting](), Mailbox()
    source = open_source(f"tcp://127.0.0.1:{port}", patience=PATIENCE_S)
    grabber = Grabber(source, box, told.append, give_up_after=60)
    with station(port, 10_000) as camera:
        grabber.start()
        taken = box.take(PATIENCE_S)
        assert taken is not None
        picture = taken[0].picture()
        assert (picture.width, picture.height) == SIZE
        camera.kill()
        camera.wait()
    deadline = time.monotonic() + PATIENCE_S
    while not told and time.monotonic() < deadline:
        time.sleep(0.02)
    before = taken[0]
    while (taken := box.take(0.1)) is not None:
        before = taken[0]
    with station(port, 10_000):
        taken = box.take(PATIENCE_S)
        assert taken is not None
        assert taken[0].number > before.number
        assert taken[0].time > before.time
        assert told[-1].back
        grabber.stop()
    assert grabber.error is None


def test_a_stream_that_is_not_there_is_said_at_once() -> None:
    source = open_source(f"tcp://127.0.0.1:{free_port()}")
    with pytest.raises(UnusableSource, match="refused") as error:
        next(source.shots(Event()))
    assert not isinstance(error.value, SourceLost)


def test_a_stream_that_falls_silent_is_lost_after_a_while() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        source = open_source(f"tcp://127.0.0.1:{server.getsockname()[1]}", patience=0.5)
        with pytest.raises(UnusableSource, match="too long"):
            next(source.shots(Event()))


def test_what_is_no_stream_is_said() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        source = open_source(f"tcp://127.0.0.1:{server.getsockname()[1]}", patience=PATIENCE_S)
        shots = source.shots(Event())

        def talk() -> None:
            peer, _ = server.accept()
            with peer:
                peer.sendall(b"this is no film\n" * 100)

        Thread(target=talk, daemon=True).start()
        with pytest.raises(UnusableSource, match="no format"):
            next(shots)


def test_a_device_that_is_no_camera_is_told_from_one() -> None:
    with pytest.raises(UnusableSource, match="it is no camera") as error:
        next(open_source("/dev/null").shots(Event()))
    assert "name a camera" in error.value.cure


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://me:secret@10.0.0.2:554/a?b=c", "rtsp://me:…@10.0.0.2:554/a?b=c"),
        ("rtsp://10.0.0.2/a", "rtsp://10.0.0.2/a"),
        ("rtsp://me@10.0.0.2/a", "rtsp://me@10.0.0.2/a"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_a_password_is_never_shown(address: str, shown: str) -> None:
    assert shown_address(address) == shown
    assert open_source(address).name == shown
