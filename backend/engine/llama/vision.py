"""The vision tower: pixels → embeddings, with progress and cancel, and embeddings → the language model's cache.

Rasters come with sides that llama.cpp passes through untouched. That is checked rather than trusted: a raster that it
would resize would also be letterboxed, and every coordinate of the answer would be wrong.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from backend.engine.llama.embeddings import Embedding
from backend.engine.llama.model import LanguageModel, Stopped, check_header, refuse
from backend.engine.llama.native import StopFlag, complaint, llama, mtmd, progress_callback, tensor_name
from backend.engine.llama.prefix import SLICE, ImageUnit
from backend.errors import EngineFailure
from backend.language import _
from backend.sanitise import one_line
from backend.scene import Raster

_IMAGE_CHUNK = 1
_LAYER = re.compile(rb"layer_out-\d+")
"""What llama.cpp names the output of each layer; views of it carry a suffix."""

LayerProgress = Callable[[int, int], None]
"""Layers done, layers in total."""
SliceProgress = Callable[[int], None]
"""Image tokens that are in the cache."""


def pixel_key(raster: Raster) -> str:
    """Names a raster's pixels and shape."""
    merged = f"+{hashlib.sha256(raster.later).hexdigest()}" if raster.later else ""
    return f"{raster.width}x{raster.height}:{hashlib.sha256(raster.rgb).hexdigest()}{merged}"


class VisionTower:
    """The projector GGUF that belongs to a language model."""

    def __init__(
        self,
        path: Path,
        model: LanguageModel,
        *,
        max_tokens: int,
        use_gpu: bool,
        threads: int,
        stop: StopFlag,
        progress: Callable[[float], None],
    ) -> None:
        header = check_header(path, projector=True)
        self._model, self._stop, self._max_tokens = model, stop, max_tokens
        self._layers = int(header.get("clip.vision.block_count", 1))
        self._layers_done = 0
        self._progress: LayerProgress | None = None
        self._between_nodes = not use_gpu
        """On a processor a layer takes up to a second, and a stop should not wait for it; a GPU would lose its fusions."""
        params = mtmd.mtmd_context_params_default()
        params.use_gpu, params.n_threads, params.print_timings = use_gpu, threads, False
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_AUTO
        params.warmup = True  # reserves the compute buffers: too little memory shows now, not at the first picture
        params.image_min_tokens, params.image_max_tokens = 1, max_tokens
        self._on_tensor = llama.ggml_backend_sched_eval_callback(self._tensor)
        params.cb_eval = self._on_tensor
        report = progress_callback(mtmd.mtmd_progress_callback, progress)
        params.progress_callback = report
        self._handle = mtmd.mtmd_init_from_file(os.fsencode(path), model.handle, params)
        if not self._handle:
            raise refuse(path, _("does not work with this language model, or is truncated or damaged"))
        if not mtmd.mtmd_support_vision(self._handle):
            raise refuse(path, _("cannot see pictures"))
        self.width: int = llama.llama_model_n_embd_inp(model.handle)
        """Numbers per image token: the hidden width, times one more than the DeepStack layers."""

    def _tensor(self, tensor: int, asking: bool, _data: object) -> bool:
        """Called by the scheduler for every node: ask to see those behind which we may stop, and there report or stop."""
        if asking:
            return self._between_nodes or self._stop.up or bool(_LAYER.fullmatch(tensor_name(tensor)))
        if self._progress is not None and not self._stop.up and _LAYER.fullmatch(tensor_name(tensor)):
            self._layers_done = min(self._layers_done + 1, self._layers)
            self._progress(self._layers_done, self._layers)
        return not self._stop.up

    def unit(self, raster: Raster) -> ImageUnit:
        """What the raster will cost in the cache; no pixel is touched."""
        with self._chunk(raster, pixels=False) as chunk:
            unit = ImageUnit(
                pixel_key(raster), mtmd.mtmd_input_chunk_get_n_tokens(chunk), mtmd.mtmd_input_chunk_get_n_pos(chunk)
            )
        if unit.n_tokens != raster.tokens or raster.width % 32 or raster.height % 32:
            raise EngineFailure(
                _(
                    "a raster of {width}×{height} pixels does not pass through the vision tower unchanged "
                    "({tokens} image tokens; the model is set up for at most {max_tokens})"
                ).format(width=raster.width, height=raster.height, tokens=raster.tokens, max_tokens=self._max_tokens),
                cure=_("use fewer image tokens for this picture"),
            )
        return unit

    def encode(self, raster: Raster, progress: LayerProgress) -> Embedding:
        """Run the tower. Raises Stopped: llama.cpp itself reports a stopped run as a success and leaves garbage."""
        self._layers_done, self._progress = 0, progress
        with self._chunk(raster, pixels=True) as chunk:
            status = mtmd.mtmd_encode_chunk(self._handle, chunk)
        self._progress = None
        if self._stop.up:
            raise Stopped
        if status != 0:
            raise EngineFailure(
                _("the vision tower failed ({complaint})").format(complaint=one_line(complaint(), 200)), cure=_("ask again")
            )
        pointer = mtmd.mtmd_get_output_embd(self._handle)
        return np.ctypeslib.as_array(pointer, shape=(raster.tokens, self.width)).copy()

    def decode(self, raster: Raster, embedding: Embedding, position: int, sequence: int, progress: SliceProgress) -> None:
        """Put an encoded picture into a sequence of the language model's cache. After Stopped, part of it may be there."""
        moved = llama.llama_pos(position)
        done = 0

        def after_slice(_view: object, _data: object) -> int:
            nonlocal done
            done = min(done + SLICE, raster.tokens)
            progress(done)
            return int(self._stop.up)

        callback = mtmd.mtmd_helper_post_decode_callback(after_slice)
        data = embedding.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        with self._chunk(raster, pixels=False) as chunk:
            status = mtmd.mtmd_helper_decode_image_chunk(
                self._handle,
                self._model.context,
                chunk,
                data,
                position,
                sequence,
                SLICE,
                ctypes.byref(moved),
                callback,
                None,
            )
        self._model.check(status)

    @contextmanager
    def _chunk(self, raster: Raster, *, pixels: bool) -> Iterator[Any]:
        """llama.cpp's own picture of a raster; without pixels it is a placeholder that knows its grid alone.

        Two frames that are merged are two pictures that may be, one directly behind the other: llama.cpp makes one chunk of
        them, whose patches reach over both, as Qwen's vision towers take films.
        """
        frames = [raster.rgb, raster.later] if raster.later else [raster.rgb]
        bitmaps = []
        for rgb in frames:
            data = (ctypes.c_uint8 * len(rgb)).from_buffer_copy(rgb) if pixels else None
            bitmaps.append(mtmd.mtmd_bitmap_init(raster.width, raster.height, data))
            mtmd.mtmd_bitmap_set_mergeable(bitmaps[-1], len(frames) > 1)
        parts = (ctypes.POINTER(mtmd.mtmd_input_part) * len(frames))()
        for index, bitmap in enumerate(bitmaps):
            part = mtmd.mtmd_input_part()
            part.bitmap = bitmap
            parts[index] = ctypes.pointer(part)
        chunks = mtmd.mtmd_input_chunks_init()
        try:
            status = mtmd.mtmd_tokenize_from_parts(self._handle, chunks, parts, len(frames), False)
            found = [mtmd.mtmd_input_chunks_get(chunks, index) for index in range(mtmd.mtmd_input_chunks_size(chunks))]
            images = [chunk for chunk in found if mtmd.mtmd_input_chunk_get_type(chunk) == _IMAGE_CHUNK]
            if status != 0 or len(images) != 1:
                raise EngineFailure(
                    _("the picture was not accepted ({complaint})").format(complaint=one_line(complaint(), 200)),
                    cure=_("ask again"),
                )
            yield images[0]
        finally:
            mtmd.mtmd_input_chunks_free(chunks)
            for bitmap in bitmaps:
                mtmd.mtmd_bitmap_free(bitmap)

    def close(self) -> None:
        mtmd.mtmd_free(self._handle)
