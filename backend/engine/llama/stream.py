"""Sampled tokens → text: bytes are joined to characters, and a thinking model's reasoning is told from its answer.

Thinking ends at a token, not at a string: `</think>` is one id, which no spelling inside the reasoning can imitate.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThinkTags:
    """The ids of `<think>` and `</think>`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """What one token added. Text is empty while a character is incomplete, and for tags."""

    text: str
    thinking: bool


class AnswerStream:
    """Collects one answer."""

    def __init__(self, tags: ThinkTags | None, *, begun: bool = True) -> None:
        """`tags` for a thinking model; `begun`: the prompt ended with its `<think>`, so it starts out thinking."""
        self._tags = tags
        self._thinking = tags is not None and begun
        self._after_thinking = False
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._texts: list[str] = []
        self._ids: list[int] = []
        self._ids_spell_text = True

    def push(self, token: int, raw: bytes) -> Piece:
        """The next token and its bytes."""
        if self._tags is not None and token in (self._tags.start, self._tags.end):
            self._thinking = token == self._tags.start
            self._decoder.reset()
            self._after_thinking = not self._thinking
            return Piece("", True)
        text = self._decoder.decode(raw)
        if self._thinking:
            return Piece(text, True)
        if self._after_thinking:
            stripped = text.lstrip("\n")
            if not stripped and not self._decoder.getstate()[0]:
                return Piece("", False)
            self._ids_spell_text = stripped == text
            self._after_thinking = False
            text = stripped
        self._ids.append(token)
        self._texts.append(text)
        return Piece(text, False)

    @property
    def thinking(self) -> bool:
        """Whether the next token is reasoning."""
        return self._thinking

    @property
    def text(self) -> str:
        """The answer so far, without thinking and without a last character that was cut off."""
        return "".join(self._texts)

    @property
    def ids(self) -> tuple[int, ...] | None:
        """The tokens that spell `text`, for the next turn's prompt; None where text begins inside a token."""
        return tuple(self._ids) if self._ids_spell_text else None
