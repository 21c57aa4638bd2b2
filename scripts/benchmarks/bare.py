"""The decode step with nothing around it: llama_decode in a loop, on a context with our settings, in a process of its own.

What our layer costs is the difference between this and the time from one token to the next where the answer arrives.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from .asking import of, warm_up
from .setting import Setting
from .sheet import Sheet
from .sides import Ours, SideFailed, running
from .subprocesses import Partner, serve

STEP = "a decode step"
BARE = "llama_decode"
LONG = " ".join(["Tell me where things are, and what is left of what, and what is above what."] * 6)
"""A question without a picture: what matters to a step is how much is in the cache."""


def overhead(setting: Setting, sheet: Sheet) -> None:
    """Steps of ours and bare steps, in turn, at the same depth of the cache."""
    steps = 24 if setting.quick else 64
    ours = Ours(setting)
    bare = Partner("scripts.benchmarks.bare", setting.home / "bare.log", setting.limit_s)
    try:
        with running(sheet, ours) as alive:
            if not alive:
                return
            warm_up(sheet, alive)
            for _ in bare.ask(
                text=str(setting.text), threads=setting.threads, context=setting.context, gpu_layers=setting.gpu_layers
            ):
                pass
            for repetition in range(2 * setting.repetitions):
                reply = ours.ask([], f"{repetition}. {LONG}", steps + 1)
                sheet.add(of(ours, STEP), "ms", _middle(reply.steps_ms))
                (bare_steps,) = bare.ask(depth=reply.prompt_tokens, steps=steps)
                sheet.add(of(BARE, STEP), "ms", _middle(bare_steps))
    finally:
        bare.close()


def _middle(values: Any) -> float:
    """Mean of the middle half: as steady as the median, and not blind to what every other step pays."""
    ordered = sorted(values)
    if len(ordered) < 4:
        raise SideFailed(f"only {len(ordered)} steps were made")
    inner = ordered[len(ordered) // 4 : -(len(ordered) // 4)]
    return float(sum(inner) / len(inner))


class _Context:
    """A model and a context, by llama.cpp's own calls."""

    def __init__(self, text: str, threads: int, context: int, gpu_layers: int) -> None:
        import llama_cpp.llama_cpp as bindings

        self._llama: Any = bindings
        llama = self._llama
        llama.llama_backend_init()
        model_params = llama.llama_model_default_params()
        model_params.n_gpu_layers = gpu_layers
        self._model = llama.llama_model_load_from_file(text.encode(), model_params)
        params = llama.llama_context_default_params()
        params.n_ctx = context
        params.n_batch = params.n_ubatch = 512
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_AUTO
        params.offload_kqv = params.op_offload = gpu_layers != 0
        params.no_perf = True
        self._context = llama.llama_init_from_model(self._model, params)
        self._batch = llama.llama_batch_init(512, 0, 1)

    def steps(self, depth: int, count: int) -> list[float]:
        """Milliseconds of each of `count` single-token decodes behind `depth` tokens."""
        llama = self._llama
        llama.llama_memory_clear(llama.llama_get_memory(self._context), True)
        for start in range(0, depth, 512):
            self._decode(start, min(512, depth - start))
        times = []
        for position in range(depth, depth + count):
            started = time.perf_counter()
            self._decode(position, 1)
            times.append((time.perf_counter() - started) * 1000)
        return times

    def _decode(self, position: int, count: int) -> None:
        batch, llama = self._batch, self._llama
        batch.n_tokens = count
        for index in range(count):
            batch.token[index] = 300 + (position + index) % 200
            batch.pos[index] = position + index
            batch.n_seq_id[index], batch.seq_id[index][0] = 1, 0
            batch.logits[index] = index == count - 1
        if llama.llama_decode(self._context, batch) != 0:
            raise RuntimeError("llama_decode failed")
        llama.llama_synchronize(self._context)


def main() -> None:
    """The process."""
    context: _Context | None = None

    def answer(order: dict[str, Any]) -> Iterator[list[float]]:
        nonlocal context
        if context is None:
            context = _Context(order["text"], order["threads"], order["context"], order["gpu_layers"])
        else:
            yield context.steps(order["depth"], order["steps"])

    serve(answer)


if __name__ == "__main__":
    main()
