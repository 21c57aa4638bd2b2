"""Films for tests, made by PyAV: frame n is grey 8·n all over, with a red corner at the top left."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from backend.scene import Picture

STEP = 8
"""Grey levels between one frame and the next."""


def make(
    path: Path,
    *,
    times: Sequence[float] | None = None,
    size: tuple[int, int] = (64, 48),
    codec: str = "mpeg4",
    key_every: int = 12,
    container: str | None = None,
    options: dict[str, str] | None = None,
    turned: tuple[float, bool] | None = None,
    aspect: Fraction | None = None,
    fps: int = 10,
    transfer: int | None = None,
) -> Path:
    """A film whose frames are shown at these times: thirty, `fps` a second, where none are given.

    `turned`: degrees against the clock, and whether mirrored, that its container says; `aspect`: of a pixel.
    """
    with av.open(str(path), "w", format=container, options=options or {}) as film:
        stream = film.add_stream(codec, rate=fps)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, "yuvj420p" if codec == "mjpeg" else "yuv420p"
        tick = Fraction(1, fps) if times is None else Fraction(1, 1000)
        stream.codec_context.time_base = tick
        stream.codec_context.gop_size = key_every
        stream.codec_context.thread_count = 1
        if codec in ("mpeg4", "mjpeg"):
            stream.codec_context.qmin, stream.codec_context.qmax = 1, 3
        stream.bit_rate = 2_000_000
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if transfer is not None:
            stream.codec_context.color_trc = transfer
        if turned is not None:
            stream.set_display_rotation(turned[0], hflip=turned[1])
        for number, time in enumerate([n / fps for n in range(30)] if times is None else times):
            frame = av.VideoFrame.from_ndarray(painted(number, size), format="rgb24")
            frame.pts, frame.time_base = round(time / tick), tick
            film.mux(stream.encode(frame))
        film.mux(stream.encode())
    return path


def painted(number: int, size: tuple[int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    pixels = np.full((size[1], size[0], 3), number * STEP % 256, np.uint8)
    pixels[: size[1] // 3, : size[0] // 3] = (200, 30, 30)
    return pixels


def number_of(picture: Picture) -> int:
    """Which frame it is, by its grey."""
    return round(float(pixels_of(picture)[-8:, -8:].mean()) / STEP)


def pixels_of(picture: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    width, height = picture.stored_size
    return np.frombuffer(picture.rgb, np.uint8).reshape(height, width, 3)


def red_corner(picture: Picture) -> str:
    """Where the red corner is seen: `top left`, …"""
    pixels = pixels_of(picture).astype(int)
    red = (pixels[..., 0] - pixels[..., 1]) > 60
    rows, columns = np.nonzero(red)
    height, width = red.shape
    return f"{'top' if rows.mean() < height / 2 else 'bottom'} {'left' if columns.mean() < width / 2 else 'right'}"


def without_packets(source: Path, target: Path, drop: range) -> Path:
    """The film again without some of its packets, as a recording that begins in the middle."""
    with av.open(str(source)) as given, av.open(str(target), "w") as taken:
        track = given.streams.video[0]
        out = taken.add_stream_from_template(track)
        for number, packet in enumerate(given.demux(track)):
            if packet.dts is not None and number not in drop:
                packet.stream = out
                taken.mux(packet)
    return target


def make_sound(path: Path) -> Path:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("aac", rate=8000)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 8000, 0
        film.mux(stream.encode(frame))
        film.mux(stream.encode())
    return path
