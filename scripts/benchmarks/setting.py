"""What all sides of a benchmark share: one GGUF pair, one number of threads, one context, and the pictures they are shown."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from math import isqrt
from pathlib import Path
from typing import Any, Self

from backend.engine.api import ModelSpec
from backend.scene import Raster
from backend.synthetic.scenes import draw_scene

QUESTIONS = (
    "Locate the red circle, report bbox coordinates in JSON format.",
    "How many squares are there?",
    "Is the yellow star left of the blue triangle?",
    "Locate every object, report bbox coordinates in JSON format.",
    "What is above the green diamond?",
    "Which object is the largest?",
    "Point to the white square, report point coordinates in JSON format.",
    "Describe where the objects are.",
)
TOKEN_SIDE = 32
"""Pixels along the side of one image token."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One run of the benchmarks."""

    text: Path
    mmproj: Path
    peers: Path
    """Folder with llama-server and llama-mtmd-cli."""
    home: Path
    """An empty folder that stands for the user's: caches, logs and settings of every side."""
    image_tokens: int
    threads: int
    repetitions: int
    limit_s: float
    """How long one side may take over one answer, or over loading."""
    gpu: bool = False
    quick: bool = False
    context: int = 4096

    @property
    def gpu_layers(self) -> int:
        return -1 if self.gpu else 0

    def spec(self) -> ModelSpec:
        return ModelSpec(
            name=self.text.stem,
            text=self.text,
            mmproj=self.mmproj,
            context=self.context,
            gpu_layers=self.gpu_layers,
            image_max_tokens=max(self.image_tokens, 1024),
        )

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Self:
        data: dict[str, Any] = json.loads(text)
        return cls(**data | {name: Path(data[name]) for name in ("text", "mmproj", "peers", "home")})


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture, as the engine takes it and as a file: the same pixels, of a size that no side resizes."""

    raster: Raster
    png: bytes


def drawn(seed: int, tokens: int) -> Shown:
    """A scene that costs about that many image tokens, in a rectangle of whole tokens."""
    across = isqrt(tokens)
    width, height = across * TOKEN_SIDE, tokens // across * TOKEN_SIDE
    image = draw_scene(seed, (width, height)).render().convert("RGB")
    file = io.BytesIO()
    image.save(file, "PNG")
    return Shown(Raster(width, height, image.tobytes()), file.getvalue())
