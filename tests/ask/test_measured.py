"""What a measurement holds for, and what happens to its file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from backend.ask import measured
from backend.ask.measured import ASSUMED, Localisation, localisation
from backend.catalog import InstalledModel, load_catalog
from backend.catalog.card import TokenBudget
from backend.scene import Picture
from tests.nobody import unprivileged

ENGINE = (("name", "canned"), ("runtime", "llama.cpp 1"), ("device", "CPU X, 2 threads"))
DAY = "2026-01-02"


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InstalledModel:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("t.gguf", "m.gguf"):
        (tmp_path / name).write_bytes(b"GGUF")
    card = load_catalog(user=tmp_path / "none.toml").card("demo")
    return InstalledModel(card, tmp_path / "t.gguf", tmp_path / "m.gguf")


def kept(model: InstalledModel, share: float = 0.004) -> Path:
    return measured.keep(measured.setting(model, ENGINE), share, DAY, {"asked": 30})


def test_it_is_used_for_just_what_was_measured(model: InstalledModel) -> None:
    assert localisation(model, ENGINE) == ASSUMED
    kept(model)
    assert localisation(model, ENGINE) == Localisation(0.004, DAY)
    assert list(measured.kept(model)) == [(Localisation(0.004, DAY), {"runtime": "llama.cpp 1", "device": "CPU X"})]
    fewer_threads = (*ENGINE[:2], ("device", "CPU X, 1 thread"))
    assert localisation(model, fewer_threads) == Localisation(0.004, DAY)


def test_another_runtime_device_budget_or_file_has_not_been_measured(model: InstalledModel) -> None:
    kept(model)
    assert localisation(model, (*ENGINE[:1], ("runtime", "llama.cpp 2"), *ENGINE[2:])) == ASSUMED
    assert localisation(model, (*ENGINE[:2], ("device", "GPU Y"))) == ASSUMED
    assert localisation(replace(model, card=replace(model.card, image_tokens=TokenBudget(4, 36, 8))), ENGINE) == ASSUMED
    model.mmproj.write_bytes(b"GGUF, another one")
    assert localisation(model, ENGINE) == ASSUMED
    assert list(measured.kept(model)) == []


def test_measuring_again_replaces_it(model: InstalledModel) -> None:
    first, second = kept(model), kept(model, 0.006)
    assert first == second
    assert localisation(model, ENGINE).share == 0.006
    assert list(first.parent.iterdir()) == [first], "no half-written file is left"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "\xff",
        '{"setting": 1}',
        '{"setting": {}, "sigma": 0.004, "day": "2026-01-02"}',
    ],
)
def test_a_damaged_file_is_no_measurement(model: InstalledModel, text: str) -> None:
    kept(model).write_text(text, "latin-1")
    assert localisation(model, ENGINE) == ASSUMED
    assert list(measured.kept(model)) == []


@pytest.mark.parametrize(
    "change", [{"sigma": 0.0}, {"sigma": -1.0}, {"sigma": float("nan")}, {"sigma": "x"}, {"day": "\x1b[31m"}]
)
def test_a_value_that_cannot_be_is_no_measurement(model: InstalledModel, change: dict[str, object]) -> None:
    path = kept(model)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert localisation(model, ENGINE) == ASSUMED


def test_a_state_folder_that_cannot_be_written_is_said(model: InstalledModel, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o555)
    with unprivileged(), pytest.raises(PermissionError):
        kept(model)


def test_pixels() -> None:
    picture = Picture("p.png", 2000, 100, b"", "")
    assert Localisation(0.004).sigma(picture) == 8
    assert Localisation(0.0001).sigma(picture) == 1
    assert "assumed" in str(ASSUMED)
    assert str(Localisation(0.00321, DAY)) == "0.32% of the longer side (measured 2026-01-02)"
