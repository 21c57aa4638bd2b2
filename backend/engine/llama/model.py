"""The language model and its one context: text to ids and back, decoding, logits, and the sequences of the KV cache.

Positions are given by the caller, always. Under M-RoPE the cache cannot tell them: after a picture its own idea of the
next position is too small, and decoding there is accepted and silently wrong.
"""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.engine.llama.native import StopFlag, complaint, gguf_values, llama, progress_callback
from backend.engine.llama.prefix import SLICE
from backend.engine.llama.stream import ThinkTags
from backend.engine.llama.vocabulary import Vocabulary
from backend.errors import EngineFailure, ModelError
from backend.language import _
from backend.sanitise import one_line, quoted

Logits = NDArray[np.float32]

_NO_MEMORY = re.compile(r"alloc|out of memory", re.IGNORECASE)


SEQUENCES = 16
"""Conversations that may lie in the KV cache at once. One cache serves all of them (unified), so that a shared picture
takes its cells once."""


@dataclass(frozen=True, slots=True)
class Row:
    """One token of a decode call: where it goes, and whether what it predicts is wanted."""

    token: int
    position: int
    sequence: int
    logits: bool


class Stopped(Exception):
    """A computation ended early because it was asked to; its results must not be used."""


def refuse(path: Path, problem: str, cure: str = "download it again, or give the right file") -> ModelError:
    """The error for a model file that cannot be used, with what llama.cpp said about it."""
    said = complaint()
    detail = f" (llama.cpp: {one_line(said, 200)})" if said else ""
    if _NO_MEMORY.search(said):
        cure = "free some memory, choose a smaller model, or offload fewer layers to the GPU"
    return ModelError(f"{quoted(path)} {problem}{detail}", cure=cure)


def check_header(path: Path, *, projector: bool) -> dict[str, str | int]:
    """Tell missing, damaged and swapped files apart before their weights are read; returns what was in the header."""
    complaint()  # whatever was said before is not about this file
    if not path.is_file():
        raise refuse(
            path,
            _("is not there") if not path.exists() else _("is not a file"),
            _("sightline models list shows what is installed"),
        )
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise refuse(path, _("cannot be read: {reason}").format(reason=error.strerror), _("check its permissions")) from error
    header = gguf_values(path, "general.architecture", "clip.vision.block_count") if magic == b"GGUF" else None
    if header is None:
        raise refuse(path, _("is no readable GGUF file: it is empty, truncated or of another kind"))
    is_projector = header.get("general.architecture") == "clip"
    if is_projector and not projector:
        raise refuse(
            path, _("is a vision projector (mmproj), not a language model"), _("give the two files the other way round")
        )
    if projector and not is_projector:
        raise refuse(
            path, _("is a language model, not a vision projector (mmproj)"), _("give the two files the other way round")
        )
    return header


class LanguageModel:
    """Weights, vocabulary and context of one text GGUF."""

    def __init__(
        self, path: Path, *, context: int, gpu_layers: int, threads: int, stop: StopFlag, progress: Callable[[float], None]
    ) -> None:
        self._stop = stop
        params = llama.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        report = progress_callback(llama.llama_progress_callback, progress)
        params.progress_callback = report
        self.handle = llama.llama_model_load_from_file(os.fsencode(path), params)
        if not self.handle:
            raise refuse(path, _("cannot be loaded: it is truncated or damaged, or too large for the memory"))
        self._vocab = llama.llama_model_get_vocab(self.handle)
        self.vocabulary_size: int = llama.llama_vocab_n_tokens(self._vocab)
        self.context = self._open_context(path, context, gpu_layers, threads)
        self._memory = llama.llama_get_memory(self.context)
        self.cells: int = llama.llama_n_ctx(self.context)
        self.batch_size: int = llama.llama_n_batch(self.context)
        """Most rows in one decode call; a call with more than the context's own (clamped) batch aborts the process."""
        self._batch = llama.llama_batch_init(self.batch_size, 0, 1)
        self._added = self._added_tokens()

    def _open_context(self, path: Path, context: int, gpu_layers: int, threads: int) -> object:
        params = llama.llama_context_default_params()
        # beyond what the model was trained on cells cost memory and carry no meaning
        params.n_ctx = min(context, llama.llama_model_n_ctx_train(self.handle))
        params.n_seq_max, params.kv_unified = SEQUENCES, True
        # a whole slice of one conversation, and a token of every other
        params.n_batch, params.n_ubatch = SLICE + SEQUENCES, SLICE
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_AUTO
        params.offload_kqv = gpu_layers != 0
        params.op_offload = gpu_layers != 0
        params.no_perf = True
        params.abort_callback, params.abort_callback_data = self._stop.callback, self._stop.data
        handle = llama.llama_init_from_model(self.handle, params)
        if not handle:
            raise refuse(
                path,
                _("loads, but a context of {context} tokens does not fit the memory").format(context=context),
                _("choose a smaller model, a shorter context or fewer GPU layers"),
            )
        return handle

    # Text

    def control(self, text: str) -> int:
        """The id of a special token; the model is unusable for chat without it."""
        ids = self._tokenised(text, special=True)
        if len(ids) != 1:
            raise ModelError(
                _("the model's vocabulary has no {text} token, so it cannot be spoken to in Qwen's way").format(text=text),
                cure=_("use a Qwen3-VL model; set thinking = true only for thinking models"),
            )
        return ids[0]

    def think_tags(self) -> ThinkTags:
        return ThinkTags(self.control("<think>"), self.control("</think>"))

    def tokens(self, text: str) -> list[int]:
        """Text as data: whatever it says, no added token comes out of it.

        llama.cpp skips control tokens when told not to parse specials, but still obeys "user-defined" ones (`<think>`,
        `<tool_call>`); text that spells one is therefore tokenised in two halves.
        """
        if self._added is None:
            return self._tokenised(text, special=False)
        ids: list[int] = []
        start = 0
        for match in self._added.finditer(text):
            ids += self._tokenised(text[start : match.start() + 1], special=False)
            start = match.start() + 1
        return ids + self._tokenised(text[start:], special=False)

    def _tokenised(self, text: str, *, special: bool) -> list[int]:
        raw = text.encode("utf-8", "replace")
        room = (llama.llama_token * (len(raw) + 8))()
        count = llama.llama_tokenize(self._vocab, raw, len(raw), room, len(room), False, special)
        if count < 0:
            raise EngineFailure(_("the question's text cannot be turned into tokens"), cure=_("ask again in other words"))
        return list(room[:count])

    def _added_tokens(self) -> re.Pattern[str] | None:
        """Matches what spells a user-defined tag, as far as vocabulary tags look like one: `<…>`."""
        wanted = llama.LLAMA_TOKEN_ATTR_USER_DEFINED
        tags = []
        for token in range(self.vocabulary_size):
            if llama.llama_vocab_get_attr(self._vocab, token) & wanted:
                text = llama.llama_vocab_get_text(self._vocab, token).decode("utf-8", "replace")
                if len(text) > 2 and text[0] == "<" and text[-1] == ">":
                    tags.append(re.escape(text))
        return re.compile("|".join(tags)) if tags else None

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for; none for control tokens."""
        room = ctypes.create_string_buffer(64)
        count = llama.llama_token_to_piece(self._vocab, token, room, len(room), 0, False)
        if count < 0:
            room = ctypes.create_string_buffer(-count)
            count = llama.llama_token_to_piece(self._vocab, token, room, len(room), 0, False)
        return room.raw[:count]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every token's bytes. Made when it is first asked for, which takes a real model about a second."""
        everything = range(self.vocabulary_size)
        return Vocabulary([self.piece(token) for token in everything], [t for t in everything if self.ends(t)], self.tokens)

    def ends(self, token: int) -> bool:
        """Whether the token ends the model's turn."""
        return bool(llama.llama_vocab_is_eog(self._vocab, token))

    # The KV cache

    def decode(self, rows: Sequence[Row]) -> None:
        """Put at most `batch_size` tokens into the cache in one call. After Stopped, part of them may be there."""
        batch = self._batch
        batch.n_tokens = len(rows)
        for index, row in enumerate(rows):
            batch.token[index], batch.pos[index] = row.token, row.position
            batch.n_seq_id[index], batch.seq_id[index][0] = 1, row.sequence
            batch.logits[index] = row.logits
        self.check(llama.llama_decode(self.context, batch))

    def check(self, status: int) -> None:
        """Turn a decode's status into what it means."""
        if status == 0 and not self._stop.up:
            return
        if status == 0 or self._stop.up:
            raise Stopped
        raise EngineFailure(
            _("llama.cpp could not evaluate the prompt (status {status}: {complaint})").format(
                status=status, complaint=one_line(complaint(), 200)
            ),
            cure=_("ask again"),
        )

    def logits(self, row: int = -1) -> Logits:
        """Of that row of the last decode call, by default of the last one that asked for them; a copy."""
        pointer = llama.llama_get_logits_ith(self.context, row)
        return np.ctypeslib.as_array(pointer, shape=(self.vocabulary_size,)).copy()

    def remove_from(self, position: int, sequence: int = 0) -> None:
        """Empty a sequence from that position on; cells that another one shares stay."""
        if not llama.llama_memory_seq_rm(self._memory, sequence, position, -1):
            raise EngineFailure(_("the KV cache could not be cut back"), cure=_("ask again"))

    def share(self, source: int, target: int, position: int) -> None:
        """Let an empty sequence have the cells of another one before that position; nothing is copied."""
        llama.llama_memory_seq_cp(self._memory, source, target, 0, position)

    def saved(self, sequence: int) -> memoryview:
        """All cells of a sequence, as bytes that `restore` takes."""
        size = llama.llama_state_seq_get_size(self.context, sequence)
        room = (ctypes.c_uint8 * size)()
        written = llama.llama_state_seq_get_data(self.context, room, size, sequence)
        return memoryview(room).cast("B")[:written]

    def restore(self, sequence: int, state: memoryview) -> bool:
        """Read saved cells back into an empty sequence; False where llama.cpp finds no room for them."""
        data = (ctypes.c_uint8 * len(state)).from_buffer(state.obj)
        return bool(llama.llama_state_seq_set_data(self.context, data, len(state), sequence))

    def close(self) -> None:
        llama.llama_batch_free(self._batch)
        llama.llama_free(self.context)
        llama.llama_model_free(self.handle)
