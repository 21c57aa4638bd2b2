"""The demo model with a vocabulary that has `<think>` and `</think>`, as Qwen's user-defined tokens: a model that can be made
to think, though nobody ever taught it to."""

from __future__ import annotations

from pathlib import Path

import gguf

from tests.engine.conftest import copied_gguf

UNUSED = {"<|vision_pad|>": "<think>", "<|video_pad|>": "</think>"}
USER_DEFINED = 4


def renamed_tokens(source: Path, target: Path) -> None:
    """A copy of a GGUF in which two tokens that no text uses have become thinking tags."""
    fields = gguf.GGUFReader(source).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    kinds = fields["tokenizer.ggml.token_type"].contents()
    changed = {
        "tokenizer.ggml.tokens": [UNUSED.get(token, token) for token in tokens],
        "tokenizer.ggml.token_type": [
            USER_DEFINED if token in UNUSED else kind for token, kind in zip(tokens, kinds, strict=True)
        ],
    }
    copied_gguf(source, target, fields=changed)
