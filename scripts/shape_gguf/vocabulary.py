"""A byte-level BPE of Qwen's size that was counted on no text: its merges are the letters in alphabetical order.

Words fall into tokens of two to five letters, numbers into single digits (Qwen2's pre-tokeniser sees to that), everything else
into bytes, and the special tokens stand where Qwen3-VL has them. So samplers and grammars have as much to look at as with the
real one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase

import gguf

_SPECIAL = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|object_ref_start|>",
    "<|object_ref_end|>",
    "<|box_start|>",
    "<|box_end|>",
    "<|quad_start|>",
    "<|quad_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
    "<tool_call>",
    "</tool_call>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|fim_pad|>",
    "<|repo_name|>",
    "<|file_sep|>",
    "<tool_response>",
    "</tool_response>",
    "<think>",
    "</think>",
)
"""In the order of their ids. Those that look like `<|…|>` are control tokens, the others are text that is kept in one piece."""
_UNUSED = 267
"""Ids at the end that stand for nothing."""
_SPACE = "Ġ"
"""How a space is written in a byte-level vocabulary."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tokens in the order of their ids, and merges in the order of their rank."""

    tokens: tuple[str, ...]
    kinds: tuple[gguf.TokenType, ...]
    merges: tuple[str, ...]

    @property
    def plain(self) -> int:
        """Tokens that are text; the special and the unused ones follow."""
        return len(self.tokens) - len(_SPECIAL) - _UNUSED

    def id_of(self, special: str) -> int:
        return self.plain + _SPECIAL.index(special)


def byte_letters() -> list[str]:
    """The printable stand-ins of all bytes, in GPT-2's table."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    return [chr(b) for b in sorted(printable)] + [chr(256 + n) for n in range(256 - len(printable))]


def _merges() -> Iterator[tuple[str, str]]:
    """Pairs, pairs behind a space, triples, triples behind a space, fours; no two of them make the same token."""
    pairs = [a + b for a, b in itertools.product(ascii_lowercase, repeat=2)]
    yield from ((pair[0], pair[1]) for pair in pairs)
    yield from ((_SPACE, pair) for pair in pairs)
    yield from itertools.product(pairs, ascii_lowercase)
    yield from ((_SPACE + pair, letter) for pair, letter in itertools.product(pairs, ascii_lowercase))
    yield from itertools.islice(itertools.product(pairs, pairs), 0, None, 3)


def build(size: int) -> Vocabulary:
    """A vocabulary of that many tokens."""
    letters = byte_letters()
    wanted = size - len(letters) - len(_SPECIAL) - _UNUSED
    if wanted < 0:
        raise ValueError(f"a vocabulary needs at least {size - wanted} tokens")
    merges = list(itertools.islice(_merges(), wanted))
    if len(merges) < wanted:
        raise ValueError(f"a vocabulary has at most {size - wanted + len(merges)} tokens")
    plain = [*letters, *(a + b for a, b in merges)]
    kinds = [
        *[gguf.TokenType.NORMAL] * len(plain),
        *(gguf.TokenType.CONTROL if token.startswith("<|") else gguf.TokenType.USER_DEFINED for token in _SPECIAL),
        *[gguf.TokenType.UNUSED] * _UNUSED,
    ]
    unused = [f"[PAD{number}]" for number in range(size - _UNUSED, size)]
    return Vocabulary((*plain, *_SPECIAL, *unused), tuple(kinds), tuple(f"{a} {b}" for a, b in merges))
