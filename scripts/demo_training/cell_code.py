"""What a visual token is taught to say about the 32 × 32 pixels it covers, so that both halves of the model can learn
apart.

The vision tower is asked to produce this code; the language model is taught to read it, from codes computed straight from
the scene. Both lessons are dense and cheap, and afterwards the halves fit. A cell speaks of the object whose centre lies in
it, else of the one that covers most of it, else of nothing. Layout: [centre lies here | colour, one of 8 or none | shape,
one of 5 or none | x1, y1, x2, y2 and the centre's x, y |
a picture].

A place v (0…1 of the picture) is written as cos and sin of 2πfv. With f = 1 and f = 10 the hundreds and the tens digit of
1000·v are angles, hence linear to read; the other frequencies help to keep them consistent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.synthetic.scenes import COLOURS, SHAPES, Scene

FREQUENCIES = np.array([0.5, 1.0, 2.5, 5.0, 10.0, 20.0], dtype=np.float32)
FLAG = slice(0, 1)
COLOUR = slice(1, 10)
SHAPE = slice(10, 16)
PLACES = 6
"""x1, y1, x2, y2, and the middle of the box, x and y: the last two follow from the others, but not linearly once they are
waves."""
BOX = slice(16, 16 + 2 * PLACES * len(FREQUENCIES))
ECHO = slice(256, 269)
"""Colour and shape once more, without "none", where nothing else is ever written: here words and cells are compared."""
PICTURE = slice(269, 270)
"""On in every visual token, so that the language model can tell them from words that name the same colour."""
WORD = 270
"""On in every word."""
FOUND = slice(271, 284)
"""Where the language model notes colour and shape of the cell it found. Silent in visual tokens, like everything not named
here."""
HIDDEN = 288
"""Width of the code, which is that of the language model."""
MARKS = (*range(BOX.start), *range(ECHO.start, PICTURE.stop))
"""All entries that are spoken and are no waves."""
SILENT = tuple(n for n in range(HIDDEN) if n not in MARKS and not BOX.start <= n < BOX.stop)
LOUDNESS = 1.5
"""Value of a one-hot entry that is on; cosines and sines have amplitude 1."""
LEAST_COVER = 0.12
"""Share of a cell that an object's box must cover for the cell to speak of it."""

Array = NDArray[np.float32]


def corners(scene: Scene) -> Array:
    """Tight boxes as shares of the picture: objects × 4."""
    size = np.array([scene.width, scene.height] * 2, dtype=np.float32)
    return np.array([item.box for item in scene.objects], dtype=np.float32) / size


def waves(boxes: Array) -> Array:
    """… × 4 corners → … × (places · 2 · frequencies)."""
    places = np.concatenate((boxes, (boxes[..., :2] + boxes[..., 2:]) / 2), -1)
    angles = 2 * np.pi * places[..., None] * FREQUENCIES
    return np.concatenate((np.cos(angles), np.sin(angles)), -1).reshape(*boxes.shape[:-1], -1)


def owners(boxes: Array, columns: int, rows: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """For each cell in raster order, the index of its object (−1: none), and whether that object's centre lies in it."""
    x, y = np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)
    x1, y1, x2, y2 = (boxes * np.array([columns, rows] * 2, dtype=np.float32)).T[..., None]
    across = np.clip(np.minimum(x2, x + 1) - np.maximum(x1, x), 0, None)
    down = np.clip(np.minimum(y2, y + 1) - np.maximum(y1, y), 0, None)
    cover = down[:, :, None] * across[:, None, :]
    middle = (np.floor((y1 + y2) / 2) == y)[:, :, None] & (np.floor((x1 + x2) / 2) == x)[:, None, :]
    score = (np.where(cover >= LEAST_COVER, cover, 0) + middle * (1 + cover)).reshape(len(boxes), -1)
    owner = np.where(score.max(0) > 0, score.argmax(0), -1)
    return owner, middle.reshape(len(boxes), -1).any(0)


def write(scene: Scene, columns: int, rows: int, boxes: Array | None = None) -> tuple[Array, NDArray[np.int64]]:
    """Codes of every cell in raster order (cells × HIDDEN) and the owner of each. `boxes` overrides the scene's, to blur
    them."""
    owner, centre = owners(corners(scene), columns, rows)
    on = owner >= 0
    colour = np.array([COLOURS.index(item.colour) + 1 for item in scene.objects])
    shape = np.array([SHAPES.index(item.shape) + 1 for item in scene.objects])
    code = np.zeros((columns * rows, HIDDEN), dtype=np.float32)
    cells = np.arange(columns * rows)
    code[:, 0] = centre * LOUDNESS
    code[:, PICTURE] = LOUDNESS
    code[cells, COLOUR.start + np.where(on, colour[owner], 0)] = LOUDNESS
    code[cells, SHAPE.start + np.where(on, shape[owner], 0)] = LOUDNESS
    code[:, ECHO] = np.delete(code[:, COLOUR.start : SHAPE.stop], (0, SHAPE.start - COLOUR.start), axis=1)
    code[on, BOX] = waves(corners(scene) if boxes is None else boxes)[owner[on]]
    return code, owner
