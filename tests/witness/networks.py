"""Small ONNX files made for tests: each is a real graph, so that what ONNX Runtime says of it is real too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, checker, helper, numpy_helper, save

from backend.catalog.depth import DepthCard
from backend.scene import DepthUnit, Picture

Shape = list[int | str]

CARD = DepthCard(
    name="tested",
    title="A tested network",
    file="/nowhere.onnx",
    repo=None,
    bundled=False,
    family="midas",
    output=DepthUnit.INVERSE,
    size=64,
    multiple=32,
    mean=(0.0, 0.0, 0.0),
    std=(1.0, 1.0, 1.0),
    layout="auto",
    download_bytes=0,
)


def graph(
    file: Path,
    nodes: list[NodeProto],
    inputs: list[ValueInfoProto],
    outputs: list[ValueInfoProto],
    constants: dict[str, np.ndarray] | None = None,
) -> DepthCard:
    """Write a graph, and the card of it."""
    weights = [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()]
    made = helper.make_graph(nodes, "tested", inputs, outputs, weights)
    model: ModelProto = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(model)
    save(model, str(file))
    return replace(CARD, file=str(file))


def port(name: str, shape: Shape, kind: int = TensorProto.FLOAT) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def brightness(file: Path, shape: Shape, *, kind: int = TensorProto.FLOAT, keep: int = 0) -> DepthCard:
    """A network that calls what is bright near: the mean over the channels, which are the axis of 3."""
    axis = 3 if shape[3] == 3 else 1
    nodes = [helper.make_node("ReduceMean", ["image"], ["depth"], axes=[axis], keepdims=keep)]
    rest = [side for n, side in enumerate(shape) if n != axis]
    expected = [*rest[:1], *([1] if keep else []), *rest[1:]]
    return graph(file, nodes, [port("image", shape, kind)], [port("depth", expected, kind)])


def picture(pixels: np.ndarray) -> Picture:
    """A picture of these pixels, shape (rows, columns, 3)."""
    rows, columns = pixels.shape[:2]
    return Picture("tested", columns, rows, pixels.astype(np.uint8).tobytes(), "0" * 64)
