"""Moving scenes as film files, the same bytes each time: one thread, no date, no version of the encoder.

The codec is MPEG-4 Part 2 by FFmpeg's own encoder, which is LGPL and in every build of FFmpeg, at its best quality: drawn
shapes keep their edges to a pixel.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from PIL import Image

from backend import extras
from backend.synthetic.moving import Frame, MovingScene

_TICK = Fraction(1, 1000)
"""Seconds: what times are rounded to."""


def write_film(
    path: Path, pictures: Iterable[tuple[float, Image.Image]], *, fps: float, key_every: int = 20, turned: int = 0
) -> None:
    """Write pictures, each from its time (seconds) on, as a film. Sides must be even.

    `turned`: degrees clockwise by which a player is told to turn it. Raises MissingExtra, and OSError where it cannot be
    written.
    """
    extras.need("av", extra="video", to="write a film")
    import av
    import numpy as np
    from av.codec.context import Flags

    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as film:
        stream = film.add_stream("mpeg4", rate=Fraction(fps).limit_denominator(1000))
        assert isinstance(stream, av.VideoStream)
        codec = stream.codec_context
        codec.thread_count, codec.gop_size, codec.time_base = 1, key_every, _TICK
        codec.qmin, codec.qmax = 1, 2
        codec.flags |= Flags.bitexact
        stream.bit_rate = 4_000_000
        if turned:
            stream.set_display_rotation(-turned)  # PyAV counts against the clock
        for number, (time, picture) in enumerate(pictures):
            if number == 0:
                stream.width, stream.height, stream.pix_fmt = *picture.size, "yuv420p"
            frame = av.VideoFrame.from_ndarray(np.asarray(picture.convert("RGB")), format="rgb24")
            frame.pts, frame.time_base = round(time / _TICK), _TICK
            film.mux(stream.encode(frame))
        film.mux(stream.encode())


def film_scene(path: Path, scene: MovingScene) -> list[Frame]:
    """Write a whole scene; returns its frames with what is true of them."""
    frames = list(scene.frames)
    write_film(path, ((frame.time, frame.picture) for frame in frames), fps=scene.fps)
    return frames


def told(frame: Frame) -> dict[str, Any]:
    """What is true of a frame, for a truth.json: times in seconds, boxes in pixels."""
    return {
        "time": round(frame.time, 3),
        "things": [
            {
                "id": shown.id,
                "name": shown.name,
                "chinese": shown.chinese,
                "bbox": [round(side, 2) for side in shown.box],
                "share": round(shown.share, 3),
                "visible": shown.visible,
            }
            for shown in frame.truth
        ],
    }
