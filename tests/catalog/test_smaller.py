"""What is advised where a model does not fit: the least costly step that would help on this very machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backend.catalog import Catalog, Memory, ModelStore, consider, load_catalog
from backend.catalog.card import InstalledModel
from backend.catalog.choice import ranked
from backend.catalog.fit import fit_of
from backend.catalog.smaller import advice
from backend.errors import ModelError
from tests.catalog.pairs import DEMO_MMPROJ, DEMO_TEXT, write_pair

NAME = "qwen3-vl-8b-instruct"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return load_catalog(user=tmp_path / "none.toml")


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def installed(store: ModelStore, catalog: Catalog, name: str, quant: str = "", size: int = 0) -> InstalledModel:
    """A tiny pair in the place of the model's files, its language model as large as `size` (a hole at its end)."""
    card = catalog.card(name)
    card = card.in_quant(quant or card.quant)
    text, mmproj = write_pair(store.folder(card))
    text.rename(text.with_name(card.text))
    mmproj.rename(mmproj.with_name(card.mmproj))
    model = InstalledModel(card, text.with_name(card.text), mmproj.with_name(card.mmproj))
    if size:
        with model.text.open("r+b") as file:
            file.truncate(size)
    return model


def advised(model: InstalledModel, catalog: Catalog, store: ModelStore, free: int) -> str:
    return advice(model, ranked(catalog.cards), store, Memory(free))


def test_the_refusal_says_the_parts_the_place_and_the_step(catalog: Catalog, store: ModelStore) -> None:
    installed(store, catalog, NAME, size=5_000_000_000)
    installed(store, catalog, "qwen3-vl-2b-instruct")
    with pytest.raises(ModelError) as caught:
        consider(catalog, store, NAME, memory=Memory(2_000_000_000, 3_000_000_000, "NVIDIA X"))
    for part in ("weights 5.0 GB", "KV cache", "compute", "vision tower", "RAM has 2.0 GB free", "NVIDIA X (3.0 GB VRAM free)"):
        assert part in caught.value.message
    assert caught.value.cure.startswith("use qwen3-vl-2b-instruct, which is installed and fits")


def test_a_broken_smaller_model_is_not_advised(catalog: Catalog, store: ModelStore) -> None:
    model = installed(store, catalog, NAME, size=20_000_000_000)
    broken = installed(store, catalog, "qwen3-vl-4b-instruct")
    broken.text.write_bytes(b"GGUF")
    assert "qwen3-vl-4b" not in advised(model, catalog, store, 13_000_000_000)


def test_the_usual_quantisation_in_place_of_a_larger_one(catalog: Catalog, store: ModelStore) -> None:
    model = installed(store, catalog, NAME, "F16", size=17_000_000_000)
    assert f"take it in Q8_0, which fits with 11.4 GB: sightline models pull {NAME} --quant Q8_0;" in advised(
        model, catalog, store, 12_000_000_000
    )
    assert f"take it in Q4_K_M, which fits with 7.7 GB: sightline models pull {NAME} --quant Q4_K_M;" in advised(
        model, catalog, store, 9_000_000_000
    )


def test_what_would_stand_in_the_way_of_the_smaller_quantisation_is_to_be_deleted(catalog: Catalog, store: ModelStore) -> None:
    card = catalog.card(NAME)
    reversed_ = replace(card.in_quant("Q8_0"), other_quants=(("Q4_K_M", card.download_bytes),))
    own = Catalog(tuple(reversed_ if other.name == NAME else other for other in catalog.cards))
    model = installed(store, own, NAME, size=9_400_000_000)
    assert f"--quant Q4_K_M, then delete “{model.text}”" in advised(model, own, store, 9_000_000_000)


def test_a_smaller_model_to_pull(catalog: Catalog, store: ModelStore) -> None:
    model = installed(store, catalog, NAME, size=5_700_000_000)
    said = advised(model, catalog, store, 6_000_000_000)
    assert said.startswith("pull Qwen3-VL 4B Instruct, which fits with 4.9 GB: sightline models pull qwen3-vl-4b-instruct")


def test_a_shorter_context_is_the_last_resort_and_really_fits(catalog: Catalog, store: ModelStore) -> None:
    """The demo, as if its user had asked for a context of a million tokens."""
    long = replace(catalog.card("demo"), bundled=False, context=1 << 20, max_tokens=4096)
    model = InstalledModel(long, DEMO_TEXT, DEMO_MMPROJ)
    memory = Memory(500_000_000)
    assert not fit_of(model, memory).ok
    said = advised(model, catalog, store, memory.ram_free)
    assert "under [models.demo] in" in said
    context = int(said.partition("context = ")[2].split(",")[0].split()[0])
    assert fit_of(replace(model, card=replace(long, context=context)), memory).ok
    assert not fit_of(replace(model, card=replace(long, context=2 * context)), memory).ok


def test_nothing_helps(catalog: Catalog, store: ModelStore) -> None:
    model = installed(store, catalog, "qwen3-vl-2b-instruct", size=1_500_000_000)
    assert advised(model, catalog, store, 1_000_000).startswith("free memory")
