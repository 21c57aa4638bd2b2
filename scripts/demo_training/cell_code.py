"""What a visual token is taught to say about the 32 × 32 pixels it covers, so that both halves of the model can learn
apart.

The vision tower is asked to produce this code; the language model is taught to read it, from codes computed straight from
the scene. Both lessons are dense and cheap, and afterwards the halves fit. A cell speaks of the object whose anchor lies in
it (the centre, unless something hides that), else of the one that covers most of it, else of nothing. Layout: [anchor lies
here | colour, one of 8 or none | shape, one of 6 or none | x1, y1, x2, y2 and the centre's x, y | of a solid box its place,
sizes and turn, whether it is the nearest or the farthest, and the colours of what hides it | a picture].

A place v (0…1 of the picture) is written as cos and sin of 2πfv. With f = 1 and f = 10 the hundreds and the tens digit of
1000·v are angles, hence linear to read; the other frequencies help to keep them consistent. Metres are written likewise, in
tens, so that f = 1 and f = 10 are units and tenths.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.synthetic.perspective import Solid, SolidScene
from backend.synthetic.scenes import ALL_SHAPES, COLOURS, AnyScene

FREQUENCIES = np.array([0.5, 1.0, 2.5, 5.0, 10.0, 20.0], dtype=np.float32)
FLAG = slice(0, 1)
COLOUR = slice(1, 10)
# "box" was learnt after the five flat shapes, so its entries lie where room was left.
SHAPE = [*range(10, 16), 88]
PLACES = 6
"""x1, y1, x2, y2, and the middle of the box, x and y: the last two follow from the others, but not linearly once they are
waves."""
BOX = slice(16, 16 + 2 * PLACES * len(FREQUENCIES))
METRE_FREQUENCIES = np.array([1.0, 2.5, 5.0, 10.0], dtype=np.float32)
LENGTHS = 6
"""|x|, y, z, and the sizes along x, y, z."""
YAW_FREQUENCIES = np.array([1.0, 2.0, 4.0], dtype=np.float32)
"""Of |yaw| in units of π, which is at most a quarter: with f = 4 a whole turn comes back to where it was, as the boxes do."""
METRES = slice(90, 90 + 2 * LENGTHS * len(METRE_FREQUENCIES) + 2 * len(YAW_FREQUENCIES))
SIGNS = slice(METRES.stop, METRES.stop + 2)
"""Of x and of yaw, going over from −1 to 1 within 0.5 m and 0.1 π."""
RANK = slice(SIGNS.stop, SIGNS.stop + 2)
"""The nearest of all; the farthest."""
HIDERS = slice(RANK.stop, RANK.stop + len(COLOURS))
"""Colours of the objects that hide a part of this one."""
SPACE = slice(METRES.start, HIDERS.stop)
"""Everything that is said of solid boxes alone."""
ECHO = [*range(256, 269), 286]
"""Colour and shape once more, without "none", where nothing else is ever written: here words and cells are compared."""
PICTURE = slice(269, 270)
"""On in every visual token, so that the language model can tell them from words that name the same colour."""
WORD = 270
"""On in every word."""
FOUND = [*range(271, 284), 287]
"""Where the language model notes colour and shape of the cell it found. Silent in visual tokens, like everything not named
here."""
HIDDEN = 288
"""Width of the code, which is that of the language model."""
MARKS = [*range(BOX.start), SHAPE[-1], *ECHO, PICTURE.start]
"""All entries that are spoken of any object and are no waves."""
SILENT = [n for n in range(HIDDEN) if n not in MARKS and not (BOX.start <= n < BOX.stop or SPACE.start <= n < SPACE.stop)]
LOUDNESS = 1.5
"""Value of a one-hot entry that is on; cosines and sines have amplitude 1."""
LEAST_COVER = 0.12
"""Share of a cell that an object must cover for the cell to speak of it."""
LEAST_HIDDEN = 0.04
"""Share of an object's outline that another must cover to be noted as hiding it."""
FINE = 8
"""Side of a cell in the map on which it is counted what solid boxes cover."""

Array = NDArray[np.float32]
Owners = tuple[NDArray[np.int64], NDArray[np.bool_]]


def corners(scene: AnyScene) -> Array:
    """Tight boxes as shares of the picture: objects × 4."""
    size = np.array([scene.width, scene.height] * 2, dtype=np.float32)
    return np.array([item.box for item in scene.objects], dtype=np.float32) / size


def waves(boxes: Array) -> Array:
    """… × 4 corners → … × (places · 2 · frequencies)."""
    places = np.concatenate((boxes, (boxes[..., :2] + boxes[..., 2:]) / 2), -1)
    return _turned(places, FREQUENCIES)


def metres(solids: Array) -> Array:
    """… × 7 numbers (X, Y, Z, sizes along x, y, z, yaw in π) → the waves and signs, METRES and SIGNS one behind the other."""
    lengths = _turned(np.abs(solids[..., :6]) / 10, METRE_FREQUENCIES)
    yaw = solids[..., 6:]
    signs = np.clip(np.concatenate((solids[..., :1] / 0.25, yaw / 0.05), -1), -1, 1)
    return np.concatenate((lengths, _turned(np.abs(yaw), YAW_FREQUENCIES), signs), -1)


def _turned(values: Array, frequencies: Array) -> Array:
    angles = 2 * np.pi * values[..., None] * frequencies
    return np.concatenate((np.cos(angles), np.sin(angles)), -1).reshape(*values.shape[:-1], -1)


def owners(scene: AnyScene, columns: int, rows: int) -> Owners:
    """For each cell in raster order, the index of its object (−1: none), and whether that object's anchor lies in it."""
    if isinstance(scene, SolidScene):
        cover = shown(scene, columns, rows)
    else:
        x, y = np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)
        x1, y1, x2, y2 = (corners(scene) * np.array([columns, rows] * 2, dtype=np.float32)).T[..., None]
        across = np.clip(np.minimum(x2, x + 1) - np.maximum(x1, x), 0, None)
        down = np.clip(np.minimum(y2, y + 1) - np.maximum(y1, y), 0, None)
        cover = down[:, :, None] * across[:, None, :]
    middle = np.zeros((len(scene.objects), rows, columns), dtype=bool)
    for n, item in enumerate(scene.objects):
        column, row = item.anchor[0] * columns / scene.width, item.anchor[1] * rows / scene.height
        middle[n, min(int(row), rows - 1), min(int(column), columns - 1)] = True
    score = (np.where(cover >= LEAST_COVER, cover, 0) + middle * (1 + cover)).reshape(len(scene.objects), -1)
    owner = np.where(score.max(0) > 0, score.argmax(0), -1)
    return owner, middle.reshape(len(scene.objects), -1).any(0)


def shown(scene: SolidScene, columns: int, rows: int) -> Array:
    """What share of every cell shows each object: objects × rows × columns."""
    numbers = np.asarray(scene.shown(columns * FINE, rows * FINE)).reshape(rows, FINE, columns, FINE)
    return np.stack([(numbers == n).mean((1, 3)) for n in range(1, len(scene.objects) + 1)]).astype(np.float32)


def numbers(item: Solid) -> list[float]:
    """X, Y, Z, sizes and yaw."""
    return [*item.centre3d, *item.size, item.yaw]


def write(scene: AnyScene, columns: int, rows: int) -> tuple[Array, NDArray[np.int64]]:
    """Codes of every cell in raster order (cells × HIDDEN) and the owner of each."""
    owner, centre = owners(scene, columns, rows)
    on = owner >= 0
    colour = np.array([COLOURS.index(item.colour) + 1 for item in scene.objects])
    shape = np.array([SHAPE[ALL_SHAPES.index(item.shape) + 1] for item in scene.objects])
    code = np.zeros((columns * rows, HIDDEN), dtype=np.float32)
    cells = np.arange(columns * rows)
    code[:, 0] = centre * LOUDNESS
    code[:, PICTURE] = LOUDNESS
    code[cells, COLOUR.start + np.where(on, colour[owner], 0)] = LOUDNESS
    code[cells, np.where(on, shape[owner], SHAPE[0])] = LOUDNESS
    code[:, ECHO] = np.concatenate((code[:, COLOUR][:, 1:], code[:, SHAPE[1:]]), axis=1)
    code[on, BOX] = waves(corners(scene))[owner[on]]
    if isinstance(scene, SolidScene):
        code[on, SPACE] = space(scene)[owner[on]]
    return code, owner


def space(scene: SolidScene) -> Array:
    """What is said of each solid box alone: objects × SPACE."""
    solids = metres(np.array([numbers(item) for item in scene.objects], dtype=np.float32))
    away = np.array([item.distance for item in scene.objects])
    rank = np.stack((away == away.min(), away == away.max()), 1)
    hiders = np.zeros((len(scene.objects), len(COLOURS)), dtype=bool)
    for n, item in enumerate(scene.objects):
        for other in scene.objects[n + 1 :]:
            hiders[n, COLOURS.index(other.colour)] = scene.hidden(item, by=other) >= LEAST_HIDDEN
    return np.concatenate((solids, LOUDNESS * rank, LOUDNESS * hiders), 1).astype(np.float32)
