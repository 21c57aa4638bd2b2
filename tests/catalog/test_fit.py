"""What a model needs, against what llama.cpp itself reported, and against machines of every size."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.catalog import Memory, check_pair, load_catalog
from backend.catalog.fit import Needs, Shape, gigabytes, judge, needs, needs_of_card, needs_of_files
from tests.catalog.pairs import DEMO_MMPROJ, DEMO_TEXT, TextModel, write_pair

MIB = 1 << 20
GB = 1_000_000_000
CATALOG = load_catalog(user=Path("/nonexistent/models.toml"))


@pytest.mark.parametrize(
    ("name", "context", "kv", "compute", "vision"),
    [
        ("2b", 8192, 28 * 32, 320.75, 322.49),
        ("2b", 32768, 28 * 128, 316.75, 322.49),
        ("4b", 8192, 36 * 32, 321.75, 322.49),
        ("4b", 32768, 36 * 128, 358.77, 322.49),
        ("8b", 8192, 36 * 32, 344.75, 349.87),
        ("8b", 32768, 36 * 128, 376.77, 349.87),
    ],
)
def test_the_formula_bounds_what_llama_cpp_reported(name: str, context: int, kv: float, compute: float, vision: float) -> None:
    """MiB, from llama.cpp 0.3.36's log: never less, and never more than an eighth too much."""
    shape = Shape.of_card(CATALOG.card(f"qwen3-vl-{name}-instruct"))
    wanted = needs(0, shape, context, 2048)
    assert wanted.kv == kv * MIB
    for ours, measured in ((wanted.compute, compute), (wanted.vision, vision)):
        assert 0.999 * measured < ours / MIB < 1.125 * measured


@pytest.mark.parametrize(("name", "megabytes"), [("2b", 117), ("4b", 151), ("8b", 151)])
def test_kv_of_a_thousand_tokens(name: str, megabytes: int) -> None:
    shape = Shape.of_card(CATALOG.card(f"qwen3-vl-{name}-instruct"))
    assert round(needs(0, shape, 1024, 1024).kv / 1e6) == megabytes


def test_the_shape_comes_from_the_headers(tmp_path: Path) -> None:
    language, vision = check_pair(*write_pair(tmp_path, text=TextModel(layers=3, vocabulary=200))).require()
    assert Shape.of_headers(language, vision) == Shape(3, 32, 64, 192, 200, 32, 96)
    wanted = needs_of_files(language, vision, 1000, 64)
    assert wanted.weights == language.file_size + vision.file_size
    assert wanted.kv == 2 * 2 * 3 * 32 * 1000


def test_the_demo_fits_anywhere() -> None:
    language, vision = check_pair(DEMO_TEXT, DEMO_MMPROJ).require()
    assert needs_of_files(language, vision, 4096, 36).total < 300 * MIB


def test_larger_models_need_more() -> None:
    totals = [needs_of_card(CATALOG.card(f"qwen3-vl-{size}-instruct")).total for size in ("2b", "4b", "8b")]
    assert totals == sorted(totals)
    card = CATALOG.card("qwen3-vl-4b-instruct")
    assert needs_of_card(card.in_quant("Q8_0")).total > needs_of_card(card).total


@pytest.mark.parametrize(
    ("memory", "ok", "where", "said"),
    [
        (Memory(16 * GB), True, "RAM", "fits in RAM: 5.0 GB of 16.0 GB free"),
        (Memory(16 * GB, 12 * GB, "NVIDIA X"), True, "GPU", "fits on NVIDIA X: 5.0 GB of 12.0 GB VRAM free"),
        (Memory(1 * GB, 12 * GB, "NVIDIA X"), True, "GPU", "fits on NVIDIA X"),
        (Memory(16 * GB, 4 * GB, "NVIDIA X"), True, "RAM", "; too large for NVIDIA X (4.0 GB VRAM free)"),
        (Memory(4 * GB), False, "RAM", "does not fit: it needs 5.0 GB (weights 3.0 GB, KV cache 1.0 GB, "),
        (Memory(4 * GB), False, "RAM", "compute 500 MB, vision tower 500 MB), RAM has 4.0 GB free"),
        (Memory(4 * GB, 4 * GB, "NVIDIA X"), False, "RAM", "too large for NVIDIA X (4.0 GB VRAM free)"),
    ],
)
def test_where_it_fits(memory: Memory, ok: bool, where: str, said: str) -> None:
    fit = judge(Needs(3 * GB, GB, GB // 2, GB // 2), memory)
    assert (fit.ok, fit.where) == (ok, where)
    assert said in fit.sentence


def test_sizes_for_people() -> None:
    assert [gigabytes(size) for size in (0, 4_790_000, 999_000_000, 1_560_000_000)] == ["0 MB", "5 MB", "999 MB", "1.6 GB"]
