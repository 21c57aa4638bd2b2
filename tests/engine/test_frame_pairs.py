"""Two frames of a film merged into one picture, by llama.cpp: what the demo's tower makes of them is known exactly.

Its patch embedding has two equal halves, one for each frame (a still picture goes through both). So a frame merged with itself
is that picture, and two frames are seen as the mean of both.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from backend.engine.llama.embeddings import Embedding
from backend.engine.llama.vision import pixel_key
from backend.events import Failed
from backend.scene import Raster
from tests.engine.conftest import Loaded, picture, question, told


def encoded(loaded: Loaded, raster: Raster) -> Embedding:
    return loaded.vision.encode(raster, lambda _done, _total: None)


def apart(one: Embedding, other: Embedding) -> float:
    """The largest difference, in units of the spread of the numbers."""
    return float(np.abs(one - other).max() / one.std())


def test_a_pair_is_one_picture_for_the_price_of_one(loaded: Loaded) -> None:
    one, other = picture(seed=1), picture(seed=2)
    pair = dataclasses.replace(one, later=other.rgb)
    alone, merged = loaded.vision.unit(one), loaded.vision.unit(pair)
    assert (merged.n_tokens, merged.n_pos) == (alone.n_tokens, alone.n_pos)
    assert len({pixel_key(raster) for raster in (one, other, pair, dataclasses.replace(one, later=one.rgb))}) == 4


def test_both_frames_are_seen(loaded: Loaded) -> None:
    one, other = picture(seed=1), picture(seed=2)
    pair, twice = dataclasses.replace(one, later=other.rgb), dataclasses.replace(one, later=one.rgb)
    alone = encoded(loaded, one)
    assert apart(alone, encoded(loaded, twice)) < 0.01
    assert apart(alone, encoded(loaded, pair)) > 0.2
    # All even, so that the mean of two bytes is a byte.
    even, uneven = (bytes(value & 0xFE for value in raster.rgb) for raster in (one, other))
    mean = bytes((a + b) // 2 for a, b in zip(even, uneven, strict=True))
    merged = encoded(loaded, Raster(one.width, one.height, even, uneven))
    assert apart(merged, encoded(loaded, Raster(one.width, one.height, mean))) < 0.05


def test_a_question_about_a_pair_is_answered(loaded: Loaded) -> None:
    pair = dataclasses.replace(picture(seed=1), later=picture(seed=2).rgb)
    reply = told(loaded.scheduler(), question("<0.5 seconds>", pair, "<1.5 seconds>", pair, "How many shapes are there?"))
    assert not isinstance(reply.end, Failed)
    assert reply.generated.timings.tokens > 0
