"""Films whose every frame tells its own number, in several containers and codecs, and one that is two hours long."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from backend.media.images import as_image
from backend.scene import Picture

_BITS = 10
_CELL = 16
_SIZE = (_BITS * _CELL, 96)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a film is stored."""

    name: str
    suffix: str
    codec: str
    key_every: int = 24
    b_frames: int = 0
    varying: bool = False
    """The frames are shown for unequal times."""


KINDS = (
    Kind("MP4, MPEG-4", ".mp4", "mpeg4"),
    Kind("MP4, MPEG-4, B-frames", ".mp4", "mpeg4", b_frames=2),
    Kind("MP4, MPEG-4, one key frame", ".mp4", "mpeg4", key_every=100_000),
    Kind("MP4, MPEG-4, varying rate", ".mp4", "mpeg4", varying=True),
    Kind("Matroska, VP9, varying rate", ".mkv", "libvpx-vp9", varying=True),
    Kind("Matroska, FFV1", ".mkv", "ffv1"),
    Kind("MPEG-TS, MPEG-2, B-frames", ".ts", "mpeg2video", key_every=12, b_frames=2),
    Kind("AVI, MPEG-4", ".avi", "mpeg4"),
    Kind("MOV, Motion JPEG", ".mov", "mjpeg"),
)


def write(path: Path, kind: Kind, rng: random.Random, frames: int = 250) -> tuple[float, ...]:
    """A film of that kind; returns the time of each frame, seconds."""
    fps = 25
    gaps = [rng.choice((20, 40, 40, 100, 300)) if kind.varying else 1000 // fps for _ in range(frames)]
    ticks = [sum(gaps[:n]) for n in range(frames)]
    unit = Fraction(1, 1000) if kind.varying else Fraction(1, fps)
    with av.open(str(path), "w") as film:
        stream = film.add_stream(kind.codec, rate=fps)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = _SIZE
        stream.pix_fmt = "yuvj420p" if kind.codec == "mjpeg" else "yuv420p"
        codec = stream.codec_context
        codec.time_base, codec.gop_size, codec.max_b_frames, codec.thread_count = unit, kind.key_every, kind.b_frames, 1
        stream.bit_rate = 1_000_000
        for number, tick in enumerate(ticks):
            frame = av.VideoFrame.from_ndarray(_numbered(number), format="rgb24")
            frame.pts, frame.time_base = (tick if kind.varying else number), unit
            film.mux(stream.encode(frame))
        film.mux(stream.encode())
    return tuple(tick / 1000 for tick in ticks)


def number_in(picture: Picture) -> int:
    """Which frame it is, as its pixels say."""
    pixels = np.asarray(as_image(picture).convert("L"))
    middle = pixels[_SIZE[1] // 4 : -_SIZE[1] // 4, _CELL // 2 :: _CELL].mean(axis=0)
    return sum(1 << bit for bit, level in enumerate(middle[:_BITS]) if level > 127)


def write_two_hours(path: Path, size: tuple[int, int] = (1920, 1080), fps: int = 25, hours: float = 2.0) -> None:
    """Two hours: ten seconds encoded once, whose packets are repeated with later times."""
    seconds = 10
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=fps)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.gop_size, stream.codec_context.max_b_frames = 5 * fps, 0
        packets = []
        for number in range(seconds * fps):
            pixels = np.full((size[1], size[0], 3), 90, np.uint8)
            left = number * (size[0] - 200) // (seconds * fps)
            pixels[300:500, left : left + 200] = (220, 40, 40)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            packets += stream.encode(frame)
        packets += stream.encode()
        kept = [(bytes(packet), packet.is_keyframe) for packet in packets]
        for number in range(round(hours * 3600 * fps)):
            data, key = kept[number % len(kept)]
            packet = av.Packet(data)
            packet.stream, packet.time_base = stream, Fraction(1, fps)
            packet.pts = packet.dts = number
            packet.duration, packet.is_keyframe = 1, key
            film.mux(packet)


def _numbered(number: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    bits: Sequence[int] = [255 if number >> bit & 1 else 0 for bit in range(_BITS)]
    row = np.repeat(np.array(bits, np.uint8), _CELL)
    return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (_SIZE[1], _SIZE[0], 3)))
