"""Depth networks in models.toml: what is shipped, what a user may write, and every slip that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.catalog.depth import choose_depth, depth_cards, table
from backend.errors import CatalogError, ModelError
from backend.scene import DepthUnit


@pytest.fixture
def user(tmp_path: Path) -> Path:
    return tmp_path / "models.toml"


def test_the_shipped_networks(user: Path) -> None:
    demo, small = depth_cards(user=user)
    assert (demo.name, demo.bundled, demo.output) == ("demo-depth", True, DepthUnit.INVERSE)
    assert (small.repo, small.file) == ("onnx-community/depth-anything-v2-small", "onnx/model.onnx")
    assert (small.size, small.multiple) == (518, 14)
    assert small.mean == (0.485, 0.456, 0.406)


def test_a_file_of_the_users_own(user: Path, tmp_path: Path) -> None:
    file = tmp_path / "dpt.onnx"
    file.touch()
    user.write_text(
        f'[depth.mine]\nfile = "{file}"\nfamily = "midas"\noutput = "metres"\nstd = [1, 1, 0.5]\n'
        '[depth.demo-depth]\nnote = "x"\n'
    )
    cards = depth_cards(user=user)
    mine = choose_depth("mine", cards)
    assert mine.path == file
    assert (mine.size, mine.multiple, mine.output, mine.std) == (384, 32, DepthUnit.METRES, (1.0, 1.0, 0.5))
    assert choose_depth(None, cards).name == "mine", "before the bundled one"
    assert cards[0].note == "x"
    assert cards[0].size == 160, "the rest stays as it is shipped"
    assert any(line.startswith("  mine") and "metres" in line for line in table(cards))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("size = 300", "“file”: this key is missing"),
        ('file = "a.onnx"', "“repo”: this key is missing"),
        ('file = "../a.onnx"\nrepo = "a/b"', "“file”: “../a.onnx” is not the name of an .onnx file"),
        ('file = "a.gguf"\nrepo = "a/b"', "“file”"),
        ('file = "/a.onnx"\nfamily = "zoe"', "“family”: “zoe” is not midas or depth-anything"),
        ('file = "/a.onnx"\noutput = "feet"', "“output”: “feet” is not inverse or metres"),
        ('file = "/a.onnx"\nstd = [1, 1]', "“std”: “\\[1, 1\\]” is not three numbers"),
        ('file = "/a.onnx"\nstd = [1, 0, 1]', "“std”: 0 is not above 0"),
        ('file = "/a.onnx"\nmean = 0.5', "“mean”: “0.5” is not three numbers"),
        ('file = "/a.onnx"\nsize = 8', "“size”: 8 is not between 16"),
        ('file = "/a.onnx"\nsice = 256', "“sice”: this key is unknown"),
    ],
)
def test_slips_are_refused_with_their_place(user: Path, written: str, said: str) -> None:
    user.write_text(f"[depth.mine]\n{written}\n")
    with pytest.raises(CatalogError, match=said) as refused:
        depth_cards(user=user)
    assert "[depth.mine]" in refused.value.message


def test_a_table_that_is_none_and_a_kind_that_is_unknown(user: Path) -> None:
    user.write_text("depth = 3\n")
    with pytest.raises(CatalogError, match=r"write \[depth\.NAME\]"):
        depth_cards(user=user)
    user.write_text("[dept.mine]\n")
    with pytest.raises(CatalogError, match="unknown") as refused:
        depth_cards(user=user)
    assert "depth" in refused.value.cure


def test_what_is_named_must_be_there(user: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIGHTLINE_MODELS", str(tmp_path / "models"))
    cards = depth_cards(user=user)
    with pytest.raises(ModelError, match="no depth network “depht") as unknown:
        choose_depth("depht-anything", cards)
    assert "depth-anything-v2-small" in unknown.value.cure
    with pytest.raises(ModelError, match="has not been downloaded") as absent:
        choose_depth("depth-anything-v2-small", cards)
    assert absent.value.cure == "sightline models pull depth-anything-v2-small"
    folder = tmp_path / "models" / "depth-anything-v2-small"
    folder.mkdir(parents=True)
    (folder / "model.onnx").touch()
    assert choose_depth("depth-anything-v2-small", cards).path == folder / "model.onnx"
