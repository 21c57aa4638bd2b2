"""Which model answers, on machines of several sizes and with several things installed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backend.catalog import Catalog, Memory, ModelStore, consider, entries, load_catalog
from backend.catalog.choice import choose, ranked
from backend.catalog.listing import table
from backend.errors import ModelError
from tests.catalog.pairs import write_pair

PLENTY = Memory(64_000_000_000)
LITTLE = Memory(400_000_000)
"""Room for a tiny model with a short context, not with a long one."""


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return load_catalog(user=tmp_path / "none.toml")


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def install(store: ModelStore, catalog: Catalog, name: str) -> None:
    """Put a tiny pair where the model's files belong."""
    card = catalog.card(name)
    text, mmproj = write_pair(store.folder(card))
    text.rename(text.with_name(card.text))
    mmproj.rename(mmproj.with_name(card.mmproj))


def hungry(catalog: Catalog, name: str) -> Catalog:
    """The catalogue with a context for that model which takes more than LITTLE."""
    changed = replace(catalog.card(name), context=1 << 20, max_tokens=1024)
    return Catalog(tuple(changed if card.name == name else card for card in catalog.cards))


def test_the_demo_answers_where_nothing_else_is(catalog: Catalog, store: ModelStore) -> None:
    choice = consider(catalog, store, None, memory=PLENTY)
    assert choice.model.card.name == "demo"
    assert choice.passed_over == ()


def test_the_largest_answers_and_instruct_before_thinking(catalog: Catalog, store: ModelStore) -> None:
    for name in ("qwen3-vl-2b-instruct", "qwen3-vl-4b-thinking", "qwen3-vl-4b-instruct"):
        install(store, catalog, name)
    assert consider(catalog, store, None, memory=PLENTY).model.card.name == "qwen3-vl-4b-instruct"
    assert [card.name for card in ranked(catalog.cards)][:2] == ["qwen3-vl-8b-instruct", "qwen3-vl-8b-thinking"]


def test_what_does_not_fit_is_passed_over_and_said(catalog: Catalog, store: ModelStore) -> None:
    install(store, catalog, "qwen3-vl-2b-instruct")
    install(store, catalog, "qwen3-vl-4b-instruct")
    choice = consider(hungry(catalog, "qwen3-vl-4b-instruct"), store, None, memory=LITTLE)
    assert choice.model.card.name == "qwen3-vl-2b-instruct"
    assert choice.fit.ok
    assert len(choice.passed_over) == 1
    assert "qwen3-vl-4b-instruct does not fit: it needs" in choice.passed_over[0]


def test_what_is_broken_is_passed_over_and_said(catalog: Catalog, store: ModelStore) -> None:
    install(store, catalog, "qwen3-vl-4b-instruct")
    card = catalog.card("qwen3-vl-4b-instruct")
    (store.folder(card) / card.text).write_bytes(b"GGUF")
    choice = consider(catalog, store, None, memory=PLENTY)
    assert choice.model.card.name == "demo"
    assert "cut off" in choice.passed_over[0]


def test_a_named_model_is_that_or_an_error(catalog: Catalog, store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    install(store, catalog, "qwen3-vl-2b-instruct")
    install(store, catalog, "qwen3-vl-4b-instruct")
    assert consider(catalog, store, "qwen3-vl-2b-instruct", memory=PLENTY).model.card.name == "qwen3-vl-2b-instruct"
    monkeypatch.setenv("SIGHTLINE_MODEL", "demo")
    assert consider(catalog, store, None, memory=PLENTY).model.card.name == "demo"
    assert choose(catalog, store, None).card.name == "demo"
    assert consider(catalog, store, "qwen3-vl-2b-instruct", memory=PLENTY).model.card.name == "qwen3-vl-2b-instruct"
    with pytest.raises(ModelError, match="not installed"):
        consider(catalog, store, "qwen3-vl-8b-instruct", memory=PLENTY)
    with pytest.raises(ModelError, match="no model"):
        consider(catalog, store, "gpt", memory=PLENTY)


@pytest.fixture
def with_server(tmp_path: Path) -> Catalog:
    """The catalogue with a model on a server that would come first by its size."""
    user = tmp_path / "with-server.toml"
    user.write_text('[models.far]\nendpoint = "http://gpu.example.org/v1"\nparameters = 235.0\n')
    return load_catalog(user=user)


def test_a_server_answers_only_when_it_is_named(
    with_server: Catalog, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(store, with_server, "qwen3-vl-2b-instruct")
    assert consider(with_server, store, None, memory=PLENTY).model.card.name == "qwen3-vl-2b-instruct"
    named = consider(with_server, store, "far", memory=Memory(0))
    assert named.model.card.server is not None
    assert (named.fit.ok, named.fit.where) == (True, "server")
    monkeypatch.setenv("SIGHTLINE_MODEL", "far")
    assert choose(with_server, store, None).card.name == "far"


def test_the_list_says_what_is_on_a_server(with_server: Catalog, store: ModelStore) -> None:
    listed = entries(with_server, store, PLENTY)
    (row,) = (row for row in table(listed) if " far " in row)
    assert row.split(maxsplit=2)[1] == "remote"
    assert row.endswith("on its server  http://gpu.example.org/v1")
    (data,) = (entry.as_dict() for entry in listed if entry.card.name == "far")
    assert (data["endpoint"], data["text"], data["bytes"]) == ("http://gpu.example.org/v1", None, 0)
    assert not data["default"]


def test_a_named_model_that_does_not_fit_comes_with_a_smaller_one(
    catalog: Catalog, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "qwen3-vl-4b-instruct"
    install(store, catalog, name)
    larger = hungry(catalog, name)
    with pytest.raises(ModelError, match=f"{name} does not fit: it needs .*, RAM has 400 MB free") as caught:
        consider(larger, store, name, memory=LITTLE)
    assert "SIGHTLINE_FORCE=1" in caught.value.cure
    install(store, catalog, "qwen3-vl-2b-instruct")
    with pytest.raises(ModelError) as caught:
        consider(larger, store, name, memory=LITTLE)
    assert caught.value.cure.startswith("use qwen3-vl-2b-instruct")
    assert not consider(larger, store, name, force=True, memory=LITTLE).fit.ok
    monkeypatch.setenv("SIGHTLINE_FORCE", "1")
    assert consider(larger, store, name, memory=LITTLE).model.card.name == name


def test_beside_a_gpu_that_is_too_small_no_layer_goes_there(catalog: Catalog, store: ModelStore) -> None:
    install(store, catalog, "qwen3-vl-2b-instruct")
    small = Memory(64_000_000_000, 100_000_000, "NVIDIA X")
    large = Memory(64_000_000_000, 24_000_000_000, "NVIDIA X")
    assert consider(catalog, store, None, memory=small).model.card.gpu_layers == 0
    assert consider(catalog, store, None, memory=large).model.card.gpu_layers == -1


def test_the_list_shows_what_is_here_and_what_answers(catalog: Catalog, store: ModelStore) -> None:
    install(store, catalog, "qwen3-vl-2b-instruct")
    broken = catalog.card("qwen3-vl-2b-thinking")
    store.folder(broken).mkdir()
    for name in (broken.text, broken.mmproj):
        (store.folder(broken) / name).touch()
    listed = entries(hungry(catalog, "qwen3-vl-8b-instruct"), store, Memory(6_000_000_000))
    rows = {row.split()[1 if row.startswith("*") else 0]: row for row in table(listed)}
    assert rows["qwen3-vl-2b-instruct"].startswith("* ")
    assert "Q4_K_M" in rows["qwen3-vl-2b-instruct"]
    assert "broken" in rows["qwen3-vl-2b-thinking"]
    assert "the file is empty" in rows["qwen3-vl-2b-thinking"]
    assert "bundled" in rows["demo"]
    assert "no, needs" in rows["qwen3-vl-8b-instruct"]
    assert "RAM, 4.9 GB" in rows["qwen3-vl-4b-instruct"]
    starts = {row.index(word) for row, word in ((rows["demo"], "bundled"), (rows["qwen3-vl-2b-instruct"], "Q4_K_M"))}
    assert len(starts) == 1, "columns are aligned"
    assert sum(entry.unasked for entry in listed) == 1


def test_the_list_as_data(catalog: Catalog, store: ModelStore) -> None:
    data = {entry.card.name: entry.as_dict() for entry in entries(catalog, store, PLENTY)}
    assert data["demo"]["installed"] is True
    assert data["demo"]["default"] is True
    assert data["qwen3-vl-8b-instruct"]["installed"] is False
    assert data["qwen3-vl-8b-instruct"]["fits"] is True
    assert data["qwen3-vl-8b-instruct"]["quants"] == ["Q4_K_M", "Q8_0", "F16"]
    assert data["qwen3-vl-8b-instruct"]["needs_bytes"] > data["qwen3-vl-8b-instruct"]["bytes"]
