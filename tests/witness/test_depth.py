"""A depth network through ONNX Runtime: what it is shown, what its answer becomes, and files that are no such network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper

from backend.errors import ModelError
from backend.scene import DepthUnit
from backend.witness.depth import DepthNetwork, UnfitNetwork
from tests.witness.networks import CARD, Shape, brightness, graph, picture, port

RAMP = np.repeat(np.repeat(np.linspace(0, 255, 128)[None, :, None], 96, 0), 3, 2)
"""128×96: black on the left, white on the right."""


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ([1, 3, 64, 64], (64, 64)),
        ([1, 64, 48, 3], (64, 48)),
        (["n", 3, "h", "w"], (64, 96)),  # 128×96 with 64 as the shorter side, in steps of 32
        ([1, 3, 32, "w"], (32, 96)),
    ],
)
def test_it_is_shown_what_its_file_says(tmp_path: Path, shape: Shape, size: tuple[int, int]) -> None:
    depth = DepthNetwork(brightness(tmp_path / "net.onnx", shape)).see(picture(RAMP))
    assert depth.values.shape == size
    assert (depth.width, depth.height, depth.unit) == (128, 96, DepthUnit.INVERSE)
    assert np.all(np.diff(depth.values[0]) > 0), "left is dark"
    assert depth.values[0, -1] == pytest.approx(1, abs=0.02)


def test_the_picture_is_normalised_as_the_card_says(tmp_path: Path) -> None:
    card = replace(brightness(tmp_path / "net.onnx", [1, 3, 32, 32]), mean=(0.5, 0.5, 0.5), std=(0.25, 0.25, 0.25))
    depth = DepthNetwork(card).see(picture(np.full((40, 40, 3), 255)))
    np.testing.assert_allclose(depth.values, 2.0, rtol=1e-6)


def test_red_comes_first(tmp_path: Path) -> None:
    weights: dict[str, np.ndarray] = {"only_red": np.array([1, 0, 0], dtype=np.float32).reshape(1, 3, 1, 1)}
    nodes = [
        helper.make_node("Mul", ["image", "only_red"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "axes"], ["depth"], keepdims=0),
    ]
    weights["axes"] = np.array([1], dtype=np.int64)
    card = graph(tmp_path / "net.onnx", nodes, [port("image", [1, 3, 32, 32])], [port("depth", [1, 32, 32])], weights)
    pixels = np.zeros((32, 32, 3))
    pixels[..., 0] = 255
    assert DepthNetwork(card).see(picture(pixels)).values.min() == pytest.approx(1)
    assert DepthNetwork(card).see(picture(pixels[..., ::-1])).values.max() == 0


def test_half_precision_and_further_axes_of_one(tmp_path: Path) -> None:
    half = brightness(tmp_path / "half.onnx", [1, 3, 32, 32], kind=TensorProto.FLOAT16)
    kept = brightness(tmp_path / "kept.onnx", [1, 3, 32, 32], keep=1)
    for card in (half, kept):
        values = DepthNetwork(card).see(picture(RAMP)).values
        assert values.dtype == np.float32
        assert values.shape == (32, 32)


def test_metres_stay_metres_and_infinity_is_not_known(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["bright"], axes=[1], keepdims=0),
        helper.make_node("Reciprocal", ["bright"], ["depth"]),
    ]
    card = graph(tmp_path / "net.onnx", nodes, [port("image", [1, 3, 32, 32])], [port("depth", [1, 32, 32])])
    pixels = np.full((32, 32, 3), 51)
    pixels[:16] = 0
    depth = DepthNetwork(replace(card, output=DepthUnit.METRES)).see(picture(pixels))
    assert depth.unit is DepthUnit.METRES
    np.testing.assert_allclose(depth.values[20:], 5.0, rtol=1e-5)
    assert np.isnan(depth.values[:10]).all()
    with pytest.raises(UnfitNetwork, match="no number at all"):
        DepthNetwork(card).see(picture(np.zeros((32, 32, 3))))


def test_of_several_outputs_the_map_is_taken(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["one"], keepdims=0),
        helper.make_node("ReduceMean", ["image"], ["depth"], axes=[1], keepdims=0),
    ]
    card = graph(tmp_path / "net.onnx", nodes, [port("image", [1, 3, 32, 40])], [port("one", []), port("depth", [1, 32, 40])])
    assert DepthNetwork(card).see(picture(RAMP)).values.shape == (32, 40)


def _identity(file: Path, shape: Shape, kind: int = TensorProto.FLOAT) -> None:
    graph(file, [helper.make_node("Identity", ["in"], ["out"])], [port("in", shape, kind)], [port("out", shape, kind)])


@pytest.mark.parametrize(
    ("shape", "kind", "said"),
    [
        ([1, 3, 32], TensorProto.FLOAT, "its input is 1×3×32"),
        ([2, 3, 32, 32], TensorProto.FLOAT, "its input is 2×3×32×32"),
        ([1, 1, 32, 32], TensorProto.FLOAT, "1 channels"),
        ([1, 3, 32, 32], TensorProto.UINT8, r"tensor\(uint8\), not float"),
        ([], TensorProto.FLOAT, "its input is one number"),
    ],
)
def test_wrong_inputs_are_refused_before_it_runs(tmp_path: Path, shape: Shape, kind: int, said: str) -> None:
    _identity(tmp_path / "net.onnx", shape, kind)
    with pytest.raises(UnfitNetwork, match=said) as refused:
        DepthNetwork(replace(CARD, file=str(tmp_path / "net.onnx")))
    assert "net.onnx" in refused.value.message
    assert refused.value.cure
    assert refused.value.exit_code == 4


def test_two_inputs_are_refused(tmp_path: Path) -> None:
    shape: Shape = [1, 3, 32, 32]
    card = graph(
        tmp_path / "net.onnx",
        [helper.make_node("Add", ["left", "right"], ["out"])],
        [port("left", shape), port("right", shape)],
        [port("out", shape)],
    )
    with pytest.raises(UnfitNetwork, match=r"2 inputs \(left, right\)"):
        DepthNetwork(card)


def test_an_answer_that_is_no_map_is_refused(tmp_path: Path) -> None:
    _identity(tmp_path / "same.onnx", [1, 3, 32, 32])
    with pytest.raises(UnfitNetwork, match="it gave 1×3×32×32"):
        DepthNetwork(replace(CARD, file=str(tmp_path / "same.onnx"))).see(picture(RAMP))
    labels = graph(
        tmp_path / "labels.onnx",
        [helper.make_node("ArgMax", ["image"], ["labels"], axis=1, keepdims=0)],
        [port("image", [1, 3, 32, 32])],
        [port("labels", [1, 32, 32], TensorProto.INT64)],
    )
    with pytest.raises(UnfitNetwork, match="it gave 1×32×32"):
        DepthNetwork(labels).see(picture(RAMP))


def test_a_size_that_it_cannot_take_is_said_with_the_file(tmp_path: Path) -> None:
    """Free in its file, fixed in its weights: what exports of vision transformers often are."""
    weights: dict[str, np.ndarray] = {
        "places": np.zeros((1, 3, 64, 64), dtype=np.float32),
        "axes": np.array([1], dtype=np.int64),
    }
    nodes = [
        helper.make_node("Add", ["image", "places"], ["sum"]),
        helper.make_node("ReduceSum", ["sum", "axes"], ["depth"], keepdims=0),
    ]
    card = graph(tmp_path / "net.onnx", nodes, [port("image", [1, 3, "h", "w"])], [port("depth", [1, "h", "w"])], weights)
    with pytest.raises(UnfitNetwork, match="failed on a picture of 1×3×64×96"):
        DepthNetwork(card).see(picture(RAMP))


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x08\x09\x12\x04"])
def test_what_is_no_onnx_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "net.onnx").write_bytes(content)
    with pytest.raises(UnfitNetwork, match=r"net\.onnx"):
        DepthNetwork(replace(CARD, file=str(tmp_path / "net.onnx")))


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    card = brightness(tmp_path / "net.onnx", [1, 3, 32, 32])
    whole = (tmp_path / "net.onnx").read_bytes()
    (tmp_path / "net.onnx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnfitNetwork):
        DepthNetwork(card)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(ModelError, match="is not there"):
        DepthNetwork(CARD)
