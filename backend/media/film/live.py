"""Pictures that come by themselves: a camera on this machine, or a stream from the network, through FFmpeg.

Unlike a film it has no end, no index and no other time than that of its arrival. Decoding frames side by side would hold
some of them back, so it is done slice by slice; and nothing is buffered that need not be.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from backend import extras
from backend.errors import SightlineError
from backend.language import N_, _
from backend.media.film import frames
from backend.media.film.info import FilmInfo
from backend.media.film.source import MOST_PIXELS
from backend.sanitise import one_line, quoted

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from backend.scene import Picture

_REMOTE = "crypto,http,https,httpproxy,rtp,rtsp,srt,srtp,tcp,tls,udp"
"""What a stream may lead FFmpeg to open: a playlist from the network must not name files of this machine."""
_OPTIONS = {"fflags": "nobuffer", "flags": "low_delay", "rtsp_transport": "tcp"}
_KEPT_PIXELS = 8_300_000
_CAMERA = {
    13: (
        N_("permission to use it is denied"),
        N_("add yourself to the group that owns it (usually: sudo usermod -aG video $USER)"),
    ),
    16: (N_("another program is using it"), N_("close that program, or watch another camera")),
    19: (N_("there is no device behind it"), N_("check that the camera is plugged in (ls /dev/video*)")),
    25: (N_("it is no camera"), N_("name a camera; v4l2-ctl --list-devices lists them")),
}
"""By errno: EACCES, EBUSY, ENODEV, ENOTTY."""


class LiveFailure(SightlineError):
    """A camera or a stream that cannot be opened, or that has gone. `opened`: whether it had given pictures before. Exit 3."""

    exit_code = 3

    def __init__(self, name: str, reason: str, *, cure: str, opened: bool = False) -> None:
        super().__init__(f"{quoted(name)}: {reason}", cure=cure)
        self.reason, self.opened = reason, opened


def shown_address(address: str) -> str:
    """The address as messages may show it: without a password."""
    try:
        parts = urlsplit(address)
        password = parts.password
    except ValueError:
        return address
    if password is None:
        return address
    return urlunsplit(parts._replace(netloc=f"{parts.username}:…@{parts.netloc.rpartition('@')[2]}"))


class Live:
    """A camera or a stream while it is open. Use it in a `with` block; not thread-safe, but for `picture`."""

    def __init__(self, address: str, *, camera: bool, patience: float) -> None:
        """`camera`: a Video4Linux device of this machine. `patience`: seconds without a sign of life after which it counts as
        gone. Raises LiveFailure, and MissingExtra where PyAV is missing."""
        extras.need("av", extra="video", to=_("watch a camera or a stream"))
        self.name = shown_address(address)
        self._camera = camera
        self._container, self._track = self._opened(address, patience)

    def __enter__(self) -> Live:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._container.close()

    def __iter__(self) -> Iterator[tuple[float, VideoFrame]]:
        """Each frame as it comes, with when it came (`time.monotonic`). Ends where a stream says that it is over.

        Raises LiveFailure where it breaks off.
        """
        import av

        try:
            for packet in self._container.demux(self._track):
                with contextlib.suppress(av.error.InvalidDataError):  # what was damaged on its way
                    for frame in packet.decode():
                        yield time.monotonic(), frame
        except (av.FFmpegError, OSError) as error:
            raise self._failure(error, opened=True) from error

    def picture(self, frame: VideoFrame, seconds: float) -> Picture:
        """A frame as a Picture of that time. May be called from another thread, and after this was closed."""
        turned = frames.turn(frame)
        degrees, mirrored = frames.rotation(turned)
        aspect = float(self._track.sample_aspect_ratio or 1) or 1.0
        across, down = max(1, round(frame.width * aspect)), frame.height
        width, height = (down, across) if degrees in (90, 270) else (across, down)
        info = FilmInfo(self.name, width, height, 0.0, 0.0, 0, False, "", "", degrees, mirrored)
        return frames.picture(frame, seconds, info, None, turned, _KEPT_PIXELS)

    def _opened(self, address: str, patience: float) -> tuple[InputContainer, VideoStream]:
        import av

        options = {} if self._camera else {**_OPTIONS, "protocol_whitelist": _REMOTE}
        try:
            container = av.open(
                address, "r", format="v4l2" if self._camera else None, options=options, timeout=(patience, patience)
            )
        except (av.FFmpegError, OSError, ValueError) as error:
            raise self._failure(error, opened=False) from error
        if not container.streams.video:
            container.close()
            raise LiveFailure(self.name, _("it holds no moving pictures"), cure=_("give a stream with pictures in it"))
        track = container.streams.video[0]
        if track.width * track.height > MOST_PIXELS:
            container.close()
            raise LiveFailure(
                self.name,
                _("its frames claim {width}×{height} pixels").format(width=track.width, height=track.height),
                cure=_("make it smaller"),
            )
        track.thread_type = "SLICE"
        return container, track

    def _failure(self, error: Exception, *, opened: bool) -> LiveFailure:
        import av

        number = getattr(error, "errno", None) or 0
        if self._camera and number in _CAMERA:
            reason, cure = _CAMERA[number]
        elif isinstance(error, av.error.ExitError | TimeoutError):
            reason, cure = _("nothing has come from it for too long"), _("check that it is switched on and can be reached")
        elif isinstance(error, av.error.InvalidDataError):
            reason, cure = _("what it sends is in no format that is known here"), _("check the address")
        else:
            reason = one_line(getattr(error, "strerror", None) or str(error), 100).lower()
            cure = (
                _("check that it is plugged in")
                if self._camera
                else _("check the address, and that it can be reached from here")
            )
        return LiveFailure(self.name, reason, cure=cure, opened=opened)
