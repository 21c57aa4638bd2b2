"""A camera on the network, for tests: MPEG-TS over TCP, one viewer, so many frames, and then it is gone.

    python -m tests.watch.station PORT FRAMES FPS

A process of its own, so that it can be killed as cameras are.
"""

from __future__ import annotations

import sys
import time

import av
import numpy as np

SIZE = (160, 120)
"""Width, height in pixels."""


def serve(port: int, frames: int, fps: int) -> None:
    """Wait for a viewer, and show a bright square that moves to the right."""
    container = av.open(f"tcp://127.0.0.1:{port}?listen=1", "w", format="mpegts")
    stream = container.add_stream("mpeg4", rate=fps)
    stream.width, stream.height = SIZE
    stream.pix_fmt = "yuv420p"
    stream.codec_context.gop_size = fps
    stream.codec_context.max_b_frames = 0
    began = time.monotonic()
    for number in range(frames):
        pixels = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
        left = number % (SIZE[0] - 40)
        pixels[40:80, left : left + 40] = 250
        for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")):
            container.mux(packet)
        time.sleep(max(0.0, began + (number + 1) / fps - time.monotonic()))
    container.close()


if __name__ == "__main__":
    serve(*map(int, sys.argv[1:4]))
