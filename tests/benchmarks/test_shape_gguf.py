"""Pairs of random weights: what is in them is what they say, and llama.cpp takes them."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np
import pytest

from backend.catalog.check import check_pair
from backend.engine.api import Message, ModelSpec, Request, Sampling
from backend.engine.supervisor import WorkerEngine
from backend.events import Generated, Token
from backend.scene import Raster
from scripts.shape_gguf.blocks import Kind, Tile, nbytes
from scripts.shape_gguf.sizes import SIZES, Size, Tower
from scripts.shape_gguf.vocabulary import build
from scripts.shape_gguf.writing import Pair, named, write_pair

TINY = replace(
    SIZES["2b"],
    layers=2,
    hidden=256,
    feed_forward=512,
    heads=2,
    kv_heads=1,
    vocabulary=2048,
    tower=Tower(layers=2, hidden=128, feed_forward=256, deepstack=(0,), heads=2, positions_side=8),
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return write_pair(tmp_path_factory.mktemp("shape"), TINY, "Q4_K_M", seed=1)


@pytest.mark.parametrize("kind", [Kind.Q4_K, Kind.Q6_K, Kind.Q8_0, Kind.F16, Kind.F32])
def test_random_blocks_are_weights_of_the_wanted_spread(kind: Kind) -> None:
    size = nbytes(256 * 2000, kind)
    raw = np.frombuffer(b"".join(Tile(kind, 0.02, seed=1).pieces(size)), np.uint8)
    weights = gguf.quants.dequantize(raw if kind.name.startswith("Q") else raw.view(kind.name.replace("F", "float")), kind)
    assert weights.std() == pytest.approx(0.02, rel=0.02)
    assert abs(weights.mean()) < 0.0002


def test_a_tile_that_ends_begins_anew_where_it_stopped() -> None:
    tile = Tile(Kind.F32, 1.0, seed=1)
    whole = b"".join(Tile(Kind.F32, 1.0, seed=1).pieces(10_000_000))
    assert b"".join(b"".join(tile.pieces(2_500_000)) for _ in range(4)) == whole


def test_the_vocabulary_has_qwens_size_single_digits_and_no_twins() -> None:
    vocabulary = build(151_936)
    assert len(vocabulary.tokens) == len(set(vocabulary.tokens)) == len(vocabulary.kinds) == 151_936
    assert [vocabulary.id_of(token) for token in ("<|endoftext|>", "<|im_end|>", "<|image_pad|>", "</think>")] == [
        151_643,
        151_645,
        151_655,
        151_668,
    ]
    merged = {a + b for a, b in (merge.split(" ") for merge in vocabulary.merges)}
    assert merged <= set(vocabulary.tokens)
    assert not any(character.isdigit() for token in merged for character in token)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_cut_size_keeps_its_widths(size: Size) -> None:
    cut = size.cut(2)
    assert (cut.layers, cut.tower.layers, cut.tower.deepstack) == (2, 2, (0,))
    assert replace(cut, layers=size.layers, tower=size.tower) == size


def test_the_headers_belong_together(pair: Pair) -> None:
    report = check_pair(pair.text, pair.mmproj)
    assert report.ok
    assert report.text_header is not None
    assert report.text_header.tensors["token_embd.weight"].type == "Q6_K"
    assert report.text_header.tensors["blk.0.ffn_up.weight"].type == "Q4_K"


def test_the_same_seed_gives_the_same_bytes(pair: Pair, tmp_path: Path) -> None:
    def digest(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    again = write_pair(tmp_path, TINY, "Q4_K_M", seed=1)
    assert (digest(again.text), digest(again.mmproj)) == (digest(pair.text), digest(pair.mmproj))
    other = write_pair(tmp_path, TINY, "Q4_K_M", seed=2)
    assert digest(other.text) != digest(pair.text)
    assert other == named(tmp_path, TINY, "Q4_K_M")


def test_llama_cpp_loads_the_pair_and_answers_with_numbers(pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    spec = ModelSpec("tiny", pair.text, pair.mmproj, context=512, gpu_layers=0, image_max_tokens=64)
    seen = Raster(64, 64, random.Random(1).randbytes(64 * 64 * 3))
    asked = Request((Message("user", (seen, "Where is it? At 10, 20.")),), Sampling(), max_tokens=8)
    engine = WorkerEngine(spec)
    try:
        events = list(engine.run(asked))
    finally:
        engine.close()
    end = events[-1]
    assert isinstance(end, Generated), end
    tokens = [event for event in events if isinstance(event, Token)]
    assert tokens
    assert all(token.logprob is None or np.isfinite(token.logprob) for token in tokens)
