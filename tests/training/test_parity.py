"""Our Qwen3-VL is the reference's: the same weights give the same logits, pictures, DeepStack, M-RoPE and all.

Needs the extra `train`; where it is not installed (as on every machine that only uses the program) these tests are skipped.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

WHY = "the training extra (torch, transformers, tokenizers, gguf) is not installed"
torch = pytest.importorskip("torch", reason=WHY)
transformers = pytest.importorskip("transformers", reason=WHY)
pytest.importorskip("tokenizers", reason=WHY)
pytest.importorskip("gguf", reason=WHY)

from backend.synthetic.scenes import draw_scene  # noqa: E402
from scripts.demo_training import architecture, gguf_files, pictures, speech, tokenizer  # noqa: E402
from scripts.demo_training.conversations import Line, TalkBatch, line_about  # noqa: E402
from scripts.demo_training.stages import new_model  # noqa: E402

GRID = (4, 3)


@pytest.fixture(scope="module")
def model() -> architecture.Qwen3VL:
    made = new_model(seed=5)
    for merger in made.tower.deepstack_merger_list:  # silent at first; here they must be heard
        torch.nn.init.normal_(merger.linear_fc2.weight, std=0.02)
    return made


def reference(model: architecture.Qwen3VL) -> object:
    """The same weights in Hugging Face's implementation."""
    shape, marks = model.shape, tokenizer.special()
    config = transformers.Qwen3VLConfig(
        text_config={
            "vocab_size": shape.vocabulary,
            "hidden_size": shape.hidden,
            "intermediate_size": shape.feed_forward,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "num_key_value_heads": shape.kv_heads,
            "head_dim": shape.head,
            "rms_norm_eps": shape.epsilon,
            "tie_word_embeddings": True,
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": shape.rope_theta,
                "mrope_section": list(shape.sections),
                "mrope_interleaved": True,
            },
        },
        vision_config={
            "depth": shape.vision_layers,
            "hidden_size": shape.vision_hidden,
            "intermediate_size": shape.vision_feed_forward,
            "num_heads": shape.vision_heads,
            "patch_size": shape.patch,
            "temporal_patch_size": 2,
            "spatial_merge_size": 2,
            "out_hidden_size": shape.hidden,
            "num_position_embeddings": shape.position_side**2,
            "deepstack_visual_indexes": list(shape.deepstack),
            "in_channels": 3,
            "hidden_act": "gelu_pytorch_tanh",
        },
        image_token_id=marks["<|image_pad|>"],
        video_token_id=marks["<|video_pad|>"],
        vision_start_token_id=marks["<|vision_start|>"],
        vision_end_token_id=marks["<|vision_end|>"],
        tie_word_embeddings=True,
    )
    theirs = transformers.Qwen3VLForConditionalGeneration(config).eval()
    state = dict(model.state_dict())
    kernel = state["model.visual.patch_embed.proj.weight"].view(-1, 3, 1, shape.patch, shape.patch)
    state["model.visual.patch_embed.proj.weight"] = kernel.repeat(1, 1, 2, 1, 1) / 2
    state["lm_head.weight"] = state["model.language_model.embed_tokens.weight"]
    theirs.load_state_dict(state)
    for merger in (theirs.model.visual.merger, *theirs.model.visual.deepstack_merger_list):
        merger.act_fn = torch.nn.GELU(approximate="tanh")  # what llama.cpp computes
    return theirs


def test_same_logits_as_the_reference(model: architecture.Qwen3VL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(architecture, "precision", torch.float32)
    monkeypatch.setattr(speech, "precision", torch.float32)
    scene = draw_scene(3, (GRID[0] * 32, GRID[1] * 32))
    line = line_about(random.Random(4), (scene,), (GRID,), budget=1)
    line = Line(line.ids, line.places, line.branch, [0.0] + [1.0] * (len(line.ids) - 1), line.slot)
    batch = TalkBatch.of([line])
    patches = torch.from_numpy(pictures.pixels(scene.render(), GRID)).float()[None] / 127.5 - 1
    length = len(line.ids)
    with torch.no_grad():
        said, deep = model.tower(patches, 2 * GRID[1], 2 * GRID[0])
        ours = speech.run(model, batch, said, deep)[: length - 1]
        frames = patches[0].view(-1, 3, 1, 256).repeat(1, 1, 2, 1).reshape(-1, 1536)
        theirs = reference(
            model
        )(  # type: ignore[operator]
            input_ids=batch.ids[:, :length],
            pixel_values=frames,
            image_grid_thw=torch.tensor([[1, 2 * GRID[1], 2 * GRID[0]]]),
            position_ids=batch.places[:, :, :length],
        ).logits[0, :-1]
    assert torch.allclose(ours, theirs, atol=2e-4), (ours - theirs).abs().max()


def test_the_files_give_the_weights_back(model: architecture.Qwen3VL, tmp_path: Path) -> None:
    gguf_files.write_pair(model, tmp_path)
    again = new_model(seed=6)
    gguf_files.read_pair(again, tmp_path)
    for (name, before), after in zip(model.state_dict().items(), again.state_dict().values(), strict=True):
        # Q8_0 keeps 8 bits of each block of 32 relative to its largest entry.
        assert torch.allclose(before, after, atol=before.abs().max().item() / 200), name


@pytest.mark.parametrize(
    "text", ["Locate the red circle.", "红色圆形在蓝色正方形的左边吗？", '[{"bbox_2d": [12, 345, 6, 1000]}]', "naïve ☃ 漢"]
)
def test_the_vocabulary_loses_nothing(text: str) -> None:
    assert tokenizer.decode(list(tokenizer.encode(text))) == text


def test_a_word_that_the_files_do_not_know_keeps_what_it_had(
    model: architecture.Qwen3VL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Embeddings find their tokens by text: a later vocabulary may have more words, and in other places."""
    gguf_files.write_pair(model, tmp_path)
    known = tokenizer.build()
    later = tokenizer.Vocabulary(("new", *known.tokens), known.merges)
    monkeypatch.setattr(gguf_files, "build", lambda: later)
    again = new_model(seed=6)
    before = again.language.embed_tokens.weight[0].clone()
    assert gguf_files.read_pair(again, tmp_path) == {0}
    table = again.language.embed_tokens.weight
    assert torch.equal(table[0], before)
    assert torch.allclose(table[8], model.language.embed_tokens.weight[7], atol=0.02)


def test_words_are_single_tokens_and_never_grow_together() -> None:
    assert len(tokenizer.encode("red circle")) == 2
    assert len(tokenizer.encode("红色圆形")) == 2
    assert len(tokenizer.encode("红色箱子比蓝色箱子更近")) == 6
    assert len(tokenizer.encode("1000")) == 4
