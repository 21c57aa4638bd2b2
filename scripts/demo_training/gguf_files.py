"""The pair of files that llama.cpp runs, written from the network and read back into it.

Names and keys are those of llama.cpp's own converter (conversion/qwen3vl.py). Matrices are Q8_0, except the patch embedding
and the position embeddings, which llama.cpp wants in F16 and F32. Reading back dequantises, so that training can go on from
the shipped files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np
import torch
from torch import Tensor

from .architecture import Qwen3VL, Shape
from .tokenizer import SPECIAL, build, special

TEXT_FILE = "demo-Q8_0.gguf"
VISION_FILE = "mmproj-demo-Q8_0.gguf"
CONTEXT = 8192
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.content is string %}{{ m.content }}{% else %}"
    "{% for c in m.content %}{% if c.type == 'image' or 'image_url' in c %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% elif 'text' in c %}{{ c.text }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""Qwen's chat template, reduced to what this model was taught."""


def text_names(shape: Shape) -> dict[str, str]:
    """Parameter of the language model → tensor in the file."""
    names = {"embed_tokens.weight": "token_embd.weight", "norm.weight": "output_norm.weight"}
    inside = {
        "input_layernorm": "attn_norm",
        "post_attention_layernorm": "ffn_norm",
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output",
        "self_attn.q_norm": "attn_q_norm",
        "self_attn.k_norm": "attn_k_norm",
        "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    }
    for layer in range(shape.layers):
        names |= {f"layers.{layer}.{ours}.weight": f"blk.{layer}.{theirs}.weight" for ours, theirs in inside.items()}
    return names


def vision_names(shape: Shape) -> dict[str, str]:
    """Parameter of the tower → tensor in the file; the patch embedding is kept apart."""
    modules = {"merger.norm": "v.post_ln", "merger.linear_fc1": "mm.0", "merger.linear_fc2": "mm.2"}
    inside = {
        "norm1": "ln1",
        "norm2": "ln2",
        "attn.qkv": "attn_qkv",
        "attn.proj": "attn_out",
        "mlp.linear_fc1": "ffn_up",
        "mlp.linear_fc2": "ffn_down",
    }
    for layer in range(shape.vision_layers):
        modules |= {f"blocks.{layer}.{ours}": f"v.blk.{layer}.{theirs}" for ours, theirs in inside.items()}
    for index, layer in enumerate(shape.deepstack):
        for ours, theirs in (("norm", "norm"), ("linear_fc1", "fc1"), ("linear_fc2", "fc2")):
            modules[f"deepstack_merger_list.{index}.{ours}"] = f"v.deepstack.{layer}.{theirs}"
    names = {f"{ours}.{part}": f"{theirs}.{part}" for ours, theirs in modules.items() for part in ("weight", "bias")}
    return names | {"pos_embed.weight": "v.position_embd.weight", "patch_embed.proj.bias": "v.patch_embd.bias"}


def put(writer: gguf.GGUFWriter, name: str, values: Tensor, kind: gguf.GGMLQuantizationType | None = None) -> None:
    """Add one tensor: matrices as Q8_0 and vectors as F32, unless told otherwise."""
    array = values.detach().float().cpu().numpy()
    if kind is None:
        kind = gguf.GGMLQuantizationType.Q8_0 if array.ndim == 2 else gguf.GGMLQuantizationType.F32
    writer.add_tensor(name, gguf.quants.quantize(array, kind), raw_dtype=kind)


def finish(writer: gguf.GGUFWriter) -> None:
    """Write header, keys and tensors."""
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def padded(tokens: Sequence[str], shape: Shape) -> list[str]:
    """The vocabulary with names for the rows that fill its last block."""
    return [*tokens, *(f"[PAD{n}]" for n in range(len(tokens), shape.vocabulary))]


def write_text(model: Qwen3VL, path: Path) -> None:
    """The language model with its vocabulary."""
    shape, vocabulary = model.shape, build()
    writer = gguf.GGUFWriter(path, "qwen3vl")
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name("sightline demo")
    writer.add_description("A tiny Qwen3-VL that knows drawn scenes of coloured shapes and nothing else")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_block_count(shape.layers)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(shape.hidden)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_key_length(shape.head)
    writer.add_value_length(shape.head)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_rope_freq_base(shape.rope_theta)
    writer.add_rope_dimension_sections([*shape.sections, 0])
    writer.add_num_deepstack_layers(len(shape.deepstack))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    plain, blank = len(vocabulary.tokens) - len(SPECIAL), shape.vocabulary - len(vocabulary.tokens)
    writer.add_token_list(padded(vocabulary.tokens, shape))
    kinds = [gguf.TokenType.NORMAL] * plain + [gguf.TokenType.CONTROL] * len(SPECIAL) + [gguf.TokenType.UNUSED] * blank
    writer.add_token_types(kinds)
    writer.add_token_merges([f"{a} {b}" for a, b in vocabulary.merges])
    writer.add_eos_token_id(special()["<|im_end|>"])
    writer.add_pad_token_id(special()["<|endoftext|>"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    state = model.language.state_dict()
    for ours, theirs in text_names(shape).items():
        put(writer, theirs, state[ours])
    finish(writer)


def write_vision(model: Qwen3VL, path: Path) -> None:
    """The vision tower with its mergers."""
    shape = model.shape
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_type(gguf.GGUFType.MMPROJ)
    writer.add_name("sightline demo")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_clip_has_vision_encoder(True)
    writer.add_clip_projector_type(gguf.VisionProjectorType.QWEN3VL)
    writer.add_vision_projection_dim(shape.hidden)
    writer.add_vision_image_size(shape.position_side * shape.patch)
    writer.add_vision_patch_size(shape.patch)
    writer.add_vision_embedding_length(shape.vision_hidden)
    writer.add_vision_feed_forward_length(shape.vision_feed_forward)
    writer.add_vision_block_count(shape.vision_layers)
    writer.add_vision_head_count(shape.vision_heads)
    writer.add_vision_attention_layernorm_eps(shape.epsilon)
    writer.add_vision_image_mean([0.5, 0.5, 0.5])
    writer.add_vision_image_std([0.5, 0.5, 0.5])
    writer.add_vision_use_gelu(True)
    writer.add_vision_spatial_merge_size(2)
    writer.add_vision_is_deepstack_layers([layer in shape.deepstack for layer in range(shape.vision_layers)])
    state = model.tower.state_dict()
    kernel = state["patch_embed.proj.weight"].view(-1, 3, shape.patch, shape.patch) / 2
    for frame in ("", ".1"):
        put(writer, f"v.patch_embd.weight{frame}", kernel, gguf.GGMLQuantizationType.F16)
    for ours, theirs in vision_names(shape).items():
        put(writer, theirs, state[ours], gguf.GGMLQuantizationType.F32 if "position" in theirs else None)
    finish(writer)


def write_pair(model: Qwen3VL, folder: Path) -> None:
    """Both files, each under a provisional name until it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in ((TEXT_FILE, write_text), (VISION_FILE, write_vision)):
        part = folder / f".{name}.part"
        write(model, part)
        part.replace(folder / name)


def tensors(path: Path) -> dict[str, Tensor]:
    """Every tensor of a file in float32."""
    found = {}
    for item in gguf.GGUFReader(path).tensors:
        array = gguf.quants.dequantize(item.data, item.tensor_type)
        found[item.name] = torch.from_numpy(np.array(array, dtype=np.float32)).reshape(*reversed([int(n) for n in item.shape]))
    return found


def tokens(path: Path) -> list[str]:
    """The vocabulary of a file."""
    field = gguf.GGUFReader(path).fields["tokenizer.ggml.tokens"]
    return [bytes(field.parts[n]).decode() for n in field.data]


def read_pair(model: Qwen3VL, folder: Path) -> set[int]:
    """Load the network from the two files, to train on from what was shipped. Embeddings find their tokens by their text:
    words that the files do not know keep what they have in `model`, and are returned."""
    text, vision = tensors(folder / TEXT_FILE), tensors(folder / VISION_FILE)
    old = {token: n for n, token in enumerate(tokens(folder / TEXT_FILE))}
    table = model.language.embed_tokens.weight.detach().clone()
    for n, token in enumerate(padded(build().tokens, model.shape)):
        if token in old:
            table[n] = text["token_embd.weight"][old[token]]
    text["token_embd.weight"] = table
    model.language.load_state_dict({ours: text[theirs] for ours, theirs in text_names(model.shape).items()})
    state = {ours: vision[theirs] for ours, theirs in vision_names(model.shape).items()}
    kernel = vision["v.patch_embd.weight"] + vision["v.patch_embd.weight.1"]
    state["patch_embed.proj.weight"] = kernel.reshape(len(kernel), -1)
    model.tower.load_state_dict(state)
    return {n for n, token in enumerate(build().tokens) if token not in old}
