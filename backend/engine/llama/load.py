"""Reading a model's two files into a Scheduler, with one progress over both."""

from __future__ import annotations

import logging
from collections.abc import Callable

import platformdirs

from backend.engine.api import ModelSpec
from backend.engine.llama.embedding_store import EmbeddingStore, file_digest
from backend.engine.llama.embeddings import EncodedImages
from backend.engine.llama.model import LanguageModel, check_header
from backend.engine.llama.native import RUNTIME, StopFlag, device
from backend.engine.llama.scheduler import Scheduler
from backend.engine.llama.threads import compute_threads
from backend.engine.llama.vision import VisionTower

_log = logging.getLogger("sightline.engine")


def load(spec: ModelSpec, stop: StopFlag, progress: Callable[[float], None]) -> tuple[Scheduler, str]:
    """The scheduler for `spec`, and what it computes on. Raises ModelError, which names the file at fault."""
    check_header(spec.text, projector=False)
    check_header(spec.mmproj, projector=True)
    weights = spec.text.stat().st_size + spec.mmproj.stat().st_size
    text_share = spec.text.stat().st_size / weights
    threads = compute_threads(weights)
    model = LanguageModel(
        spec.text,
        context=spec.context,
        gpu_layers=spec.gpu_layers,
        threads=threads,
        stop=stop,
        progress=lambda fraction: progress(fraction * text_share),
    )
    vision = VisionTower(
        spec.mmproj,
        model,
        max_tokens=spec.image_max_tokens,
        use_gpu=spec.gpu_layers != 0,
        threads=threads,
        stop=stop,
        progress=lambda fraction: progress(text_share + fraction * (1 - text_share)),
    )
    _ = model.vocabulary  # half a second for a real model: now rather than within the first answer that has a form
    where = device(spec.gpu_layers, threads)
    store = EmbeddingStore(
        platformdirs.user_cache_path("sightline") / "embeddings", (file_digest(spec.mmproj), str(vision.width), RUNTIME, where)
    )
    _log.info("%s runs on %s, %d cells", spec.name, where, model.cells)
    return Scheduler(model, vision, thinking=spec.thinking, encoded=EncodedImages(store=store)), where
