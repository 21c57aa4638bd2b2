"""The chunks of one streamed answer → tokens, progress, and how it ended.

A chunk is what a stranger sent: everything in it is looked at before it is believed. What is not understood but harmless
is passed over; what makes the answer doubtful (an error in the stream, an end without a reason) ends it with a failure.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any

from backend.answer import Timings
from backend.engine.api import Request
from backend.engine.remote.body import most_tokens
from backend.errors import EngineFailure
from backend.events import EngineEvent, Generated, Prefilling, StopReason, Thought, Token
from backend.language import _

Chunk = dict[str, Any]


class Answer:
    """Collects one answer. `read` each chunk, then ask for `generated`."""

    def __init__(self, request: Request, asked: float, load_ms: float) -> None:
        """`asked`: when, by time.perf_counter(); `load_ms`: how much of the time since then the server took to get ready."""
        self._request, self._asked, self._load_ms = request, asked, load_ms
        self._texts: list[str] = []
        self._echo = request.begun
        """What llama-server says once more, in one piece, before it goes on with an answer; others do not."""
        self._thoughts = 0
        """Pieces of reasoning."""
        self._thinking_ms = 0.0
        self._first_token_ms = 0.0
        self._pieces = 0
        self._finish = ""
        self._usage: Chunk = {}
        self._timings: Chunk = {}

    def read(self, chunk: Chunk) -> Iterator[EngineEvent]:
        """The events that the chunk amounts to."""
        self._usage = _table(chunk, "usage") or self._usage
        self._timings = _table(chunk, "timings") or self._timings
        progress = _table(chunk, "prompt_progress")
        if progress:
            done, total, reused = (_whole(progress, key) for key in ("processed", "total", "cache"))
            yield Prefilling(self._request.id, done, total, reused)
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
        delta, known = _table(choice, "delta"), _logprobs(choice)
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if isinstance(thought, str) and thought:
            yield from self._tokens(thought, known, thinking=True)
        said = delta.get("content")
        if isinstance(said, str) and said and self._echo:
            said, self._echo = said.removeprefix(self._echo), ""
        if isinstance(said, str) and said:
            if self._thoughts and not self._texts:
                said = said.lstrip("\n")
                if not self._thinking_ms:
                    self._thinking_ms = self._since_asked() - self._first_token_ms
                    yield Thought(self._request.id, self._thoughts, self._thinking_ms, "itself")
            yield from self._tokens(said, known, thinking=False)
        finish = choice.get("finish_reason")
        if isinstance(finish, str):
            self._finish = finish

    def _tokens(self, text: str, known: list[tuple[str, float | None]], *, thinking: bool) -> Iterator[Token]:
        """One event for each token where the log-probabilities spell the text, else one for all of it, without any."""
        spelled = known if "".join(piece for piece, __ in known) == text else [(text, None)]
        for piece, logprob in spelled:
            if self._pieces == 0:
                self._first_token_ms = self._since_asked()
            self._pieces += 1
            if thinking:
                self._thoughts += 1
            else:
                self._texts.append(piece)
            yield Token(self._request.id, piece, logprob, thinking)

    def generated(self) -> Generated:
        """The end of the answer; EngineFailure where the server never said that it was one."""
        if not self._finish:
            what = (
                _("broke the answer off after {pieces} pieces of it").format(pieces=self._pieces)
                if self._pieces
                else _("ended without an answer")
            )
            raise EngineFailure(_("the server {what}").format(what=what), cure=_("ask again"))
        if self._finish == "content_filter":
            raise EngineFailure(_("the server's content filter stopped the answer"), cure=_("ask in other words"))
        return Generated(self._request.id, "".join(self._texts), self._reason(), self._measured())

    def _reason(self) -> StopReason:
        if self._finish != "length":
            return "end"
        return "length" if self._count() >= most_tokens(self._request) else "context"

    def _count(self) -> int:
        """Tokens of reasoning and answer together."""
        return _whole(self._usage, "completion_tokens") or _whole(self._timings, "predicted_n") or self._pieces

    def _thought_tokens(self) -> int:
        """As the server counts them, if it tells; a piece may be several tokens."""
        details = _table(self._usage, "completion_tokens_details")
        return min(_whole(details, "reasoning_tokens") or self._thoughts, self._count())

    def _measured(self) -> Timings:
        """Ours where we can measure, the server's for what only it sees. Its prefill includes the pictures' encoding."""
        total, made, thought = self._since_asked(), self._count(), self._thought_tokens()
        generating = (total - self._first_token_ms) / 1000
        cached = _whole(_table(self._usage, "prompt_tokens_details"), "cached_tokens")
        return Timings(
            load_ms=self._load_ms,
            prefill_ms=_number(self._timings, "prompt_ms"),
            first_token_ms=self._first_token_ms,
            total_ms=total,
            thinking_ms=self._thinking_ms,
            thinking_tokens=thought,
            tokens=made - thought,
            tokens_per_s=(made - 1) / generating if made > 1 and generating > 0 else 0.0,
            reused_tokens=_whole(self._timings, "cache_n") or cached,
        )

    def _since_asked(self) -> float:
        return (time.perf_counter() - self._asked) * 1000


def _table(chunk: Chunk, key: str) -> Chunk:
    value = chunk.get(key)
    return value if isinstance(value, dict) else {}


def _number(chunk: Chunk, key: str) -> float:
    value = chunk.get(key)
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
    return float(value) if usable and value is not None else 0.0


def _whole(chunk: Chunk, key: str) -> int:
    return int(_number(chunk, key))


def _logprobs(choice: Chunk) -> list[tuple[str, float | None]]:
    """Tokens with their natural log-probabilities; empty where the server gave none, or none that can be read."""
    content = _table(choice, "logprobs").get("content")
    read: list[tuple[str, float | None]] = []
    for entry in content if isinstance(content, list) else ():
        token, logprob = (entry.get("token"), entry.get("logprob")) if isinstance(entry, dict) else (None, None)
        if not isinstance(token, str):
            return []
        usable = isinstance(logprob, int | float) and not isinstance(logprob, bool) and math.isfinite(logprob)
        read.append((token, min(0.0, float(logprob)) if usable and logprob is not None else None))
    return read
