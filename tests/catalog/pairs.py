"""GGUF pairs of the Qwen3-VL kind, a few kilobytes each, written by ggml's own Python package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import gguf
import numpy as np

from backend.catalog import places

DEMO = places.demo_folder()
DEMO_TEXT = DEMO / "demo-Q8_0.gguf"
DEMO_MMPROJ = DEMO / "mmproj-demo-Q8_0.gguf"


@dataclass
class TextModel:
    """A language model without sense but with a true header; change a field to break it."""

    architecture: str = "qwen3vl"
    name: str = "Tiny Instruct"
    embedding: int = 64
    layers: int = 2
    deepstack: int = 2
    context: int = 4096
    vocabulary: int = 100
    rope_sections: tuple[int, ...] = (4, 2, 2, 0)
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Further whole-number keys, such as split.count."""

    def write(self, path: Path) -> Path:
        writer = gguf.GGUFWriter(path, self.architecture)
        writer.add_name(self.name)
        writer.add_block_count(self.layers)
        writer.add_context_length(self.context)
        writer.add_embedding_length(self.embedding)
        writer.add_feed_forward_length(2 * self.embedding)
        writer.add_head_count(4)
        writer.add_head_count_kv(2)
        writer.add_key_length(16)
        writer.add_num_deepstack_layers(self.deepstack)
        writer.add_rope_dimension_sections(self.rope_sections)
        for key, value in self.numbers.items():
            writer.add_uint32(key, value)
        writer.add_token_list([f"word{number}" for number in range(self.vocabulary)])
        writer.add_token_types([1] * self.vocabulary)
        writer.add_tensor("token_embd.weight", np.zeros((self.vocabulary, self.embedding), np.float32))
        writer.add_tensor("output_norm.weight", np.ones(self.embedding, np.float32))
        return _written(writer, path)


@dataclass
class Projector:
    """The vision half."""

    projector: str = "qwen3vl_merger"
    out: int = 64
    deepstack: int = 2
    vision: bool = True
    head: bool = True
    """Whether the projection layer is there."""

    def write(self, path: Path) -> Path:
        writer = gguf.GGUFWriter(path, "clip")
        writer.add_name("Tiny Instruct")
        writer.add_bool("clip.has_vision_encoder", self.vision)
        writer.add_string("clip.projector_type", self.projector)
        writer.add_uint32("clip.vision.embedding_length", 32)
        writer.add_uint32("clip.vision.feed_forward_length", 96)
        writer.add_array("clip.vision.is_deepstack_layers", [True] * self.deepstack)
        for layer in range(self.deepstack):
            writer.add_tensor(f"v.deepstack.{layer}.fc1.weight", np.zeros((8, 8), np.float16))
        if self.head:
            writer.add_tensor("mm.2.bias", np.zeros(self.out, np.float32))
        writer.add_tensor("v.patch_embd.weight", np.zeros((32, 3, 4, 4), np.float32))
        return _written(writer, path)


def write_pair(folder: Path, name: str = "tiny", text: TextModel | None = None) -> tuple[Path, Path]:
    """A language model and a projector that belong together."""
    folder.mkdir(parents=True, exist_ok=True)
    model = text or TextModel()
    vision = Projector(out=model.embedding, deepstack=model.deepstack)
    return model.write(folder / f"{name}-Q8_0.gguf"), vision.write(folder / f"mmproj-{name}-Q8_0.gguf")


def _written(writer: gguf.GGUFWriter, path: Path) -> Path:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
