"""The two files, written front to back: keys and tensor table by ggml's own package, weights streamed behind them.

Keys and names are those of llama.cpp's converter. A file appears under its name only when it is whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

import gguf
import numpy as np

from . import tensors
from .blocks import Kind, Tile, nbytes
from .sizes import Size
from .tensors import Weights
from .vocabulary import Vocabulary, build

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}{% else %}{% for part in message.content %}"
    "{% if part.type == 'text' %}{{ part.text }}{% else %}<|vision_start|><|image_pad|><|vision_end|>{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""ChatML with pictures: all that a Qwen model is told of a conversation here."""
_FILE_TYPES = {
    "Q4_K_M": gguf.LlamaFileType.MOSTLY_Q4_K_M,
    "Q8_0": gguf.LlamaFileType.MOSTLY_Q8_0,
    "F16": gguf.LlamaFileType.MOSTLY_F16,
}
QUANTS = tuple(_FILE_TYPES)
_ALIGNMENT = 32


@dataclass(frozen=True, slots=True)
class Pair:
    """Where the two files lie."""

    text: Path
    mmproj: Path


def named(folder: Path, size: Size, quant: str) -> Pair:
    """The pair's names in a folder; projectors are published in Q8_0 or F16 whatever the language model is in."""
    projector = "F16" if quant == "F16" else "Q8_0"
    stem = f"Qwen3VL-{size.name}-shape"
    return Pair(folder / f"{stem}-{quant}.gguf", folder / f"mmproj-{stem}-{projector}.gguf")


def write_pair(folder: Path, size: Size, quant: str, seed: int) -> Pair:
    """Write both files; the same arguments give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    pair = named(folder, size, quant)
    vocabulary = build(size.vocabulary)
    _write(pair.text, _text_head(size, quant, vocabulary), tensors.text(size, quant, vocabulary.plain), seed)
    _write(pair.mmproj, _vision_head(size, quant), tensors.vision(size, quant), seed)
    return pair


def _text_head(size: Size, quant: str, vocabulary: Vocabulary) -> gguf.GGUFWriter:
    writer = gguf.GGUFWriter(None, "qwen3vl")
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(f"Qwen3-VL {size.name} shape, random weights")
    writer.add_file_type(_FILE_TYPES[quant])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_block_count(size.layers)
    writer.add_context_length(size.context)
    writer.add_embedding_length(size.hidden)
    writer.add_feed_forward_length(size.feed_forward)
    writer.add_head_count(size.heads)
    writer.add_head_count_kv(size.kv_heads)
    writer.add_key_length(size.head)
    writer.add_value_length(size.head)
    writer.add_layer_norm_rms_eps(size.epsilon)
    writer.add_rope_freq_base(size.rope_theta)
    writer.add_rope_dimension_sections(list(size.sections))
    writer.add_num_deepstack_layers(len(size.tower.deepstack))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(list(vocabulary.tokens))
    writer.add_token_types(list(vocabulary.kinds))
    writer.add_token_merges(list(vocabulary.merges))
    writer.add_bos_token_id(vocabulary.id_of("<|endoftext|>"))
    writer.add_eos_token_id(vocabulary.id_of("<|im_end|>"))
    writer.add_pad_token_id(vocabulary.id_of("<|endoftext|>"))
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    return writer


def _vision_head(size: Size, quant: str) -> gguf.GGUFWriter:
    tower = size.tower
    writer = gguf.GGUFWriter(None, "clip")
    writer.add_type(gguf.GGUFType.MMPROJ)
    writer.add_name(f"Qwen3-VL {size.name} shape, random weights")
    writer.add_file_type(_FILE_TYPES["F16" if quant == "F16" else "Q8_0"])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_clip_has_vision_encoder(True)
    writer.add_clip_projector_type(gguf.VisionProjectorType.QWEN3VL)
    writer.add_vision_projection_dim(size.hidden)
    writer.add_vision_image_size(tower.positions_side * tower.patch)
    writer.add_vision_patch_size(tower.patch)
    writer.add_vision_embedding_length(tower.hidden)
    writer.add_vision_feed_forward_length(tower.feed_forward)
    writer.add_vision_block_count(tower.layers)
    writer.add_vision_head_count(tower.heads)
    writer.add_vision_attention_layernorm_eps(size.epsilon)
    writer.add_vision_image_mean([0.5, 0.5, 0.5])
    writer.add_vision_image_std([0.5, 0.5, 0.5])
    writer.add_vision_use_gelu(True)
    writer.add_vision_spatial_merge_size(2)
    writer.add_vision_is_deepstack_layers([layer in tower.deepstack for layer in range(tower.layers)])
    return writer


def _write(path: Path, head: gguf.GGUFWriter, weights: Iterable[Weights], seed: int) -> None:
    part = path.with_name(f".{path.name}.part")
    weights = list(weights)
    for one in weights:
        head.add_tensor_info(one.name, one.shape, np.dtype(np.float32), nbytes(prod(one.shape), one.kind), one.kind)
    head.write_header_to_file(part)
    head.write_kv_data_to_file()
    head.write_ti_data_to_file()
    head.close()
    tiles: dict[tuple[Kind, float], Tile] = {}
    with part.open("ab") as file:
        _pad(file)
        for one in weights:
            _stream(file, one, tiles, seed)
            _pad(file)
    part.replace(path)


def _stream(file: BinaryIO, weights: Weights, tiles: dict[tuple[Kind, float], Tile], seed: int) -> None:
    if not weights.spread:
        file.write(np.full(weights.shape, weights.value, np.float32).tobytes())
        return
    key = (weights.kind, weights.spread)
    if key not in tiles:
        tiles[key] = Tile(*key, seed)
    rows, *rest = weights.shape
    filled = rows if weights.rows is None else weights.rows
    for piece in tiles[key].pieces(nbytes(filled * prod(rest), weights.kind)):
        file.write(piece)
    file.write(bytes(nbytes((rows - filled) * prod(rest), weights.kind)))


def _pad(file: BinaryIO) -> None:
    file.write(bytes(-file.tell() % _ALIGNMENT))
