"""llama-cpp-python's own way: its `Llama` with `MTMDChatHandler`, as its documentation shows it.

One thing is given that it leaves off unless asked: flash attention, which the vision tower then uses too. So it is compared at
its best, not as it comes.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Sequence
from typing import Any

from .setting import Setting, Shown
from .sides import Reply, SideFailed
from .subprocesses import Partner, serve


class Stock:
    """The handler, in a process of its own."""

    name = "MTMDChatHandler"

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._partner: Partner | None = None

    def start(self) -> None:
        setting = self._setting
        self._partner = Partner("scripts.benchmarks.stock", setting.home / "stock.log", setting.limit_s)
        order = {
            "text": str(setting.text),
            "mmproj": str(setting.mmproj),
            "threads": setting.threads,
            "context": setting.context,
            "gpu_layers": setting.gpu_layers,
        }
        for _ in self._partner.ask(load=order):
            pass

    def ask(self, pictures: Sequence[Shown], question: str, tokens: int) -> Reply:
        if self._partner is None:
            raise SideFailed("it was not started")
        images = [base64.b64encode(shown.png).decode() for shown in pictures]
        started = time.perf_counter()
        stamps: list[float] = []
        text = ""
        for piece in self._partner.ask(pictures=images, question=question, tokens=tokens):
            stamps.append(time.perf_counter())
            text += piece
        if not stamps:
            raise SideFailed("it answered nothing")
        return Reply((stamps[0] - started) * 1000, (time.perf_counter() - started) * 1000, text, len(stamps))

    @property
    def pid(self) -> int:
        if self._partner is None:
            raise SideFailed("it was not started")
        return self._partner.process.pid

    def close(self) -> None:
        if self._partner is not None:
            self._partner.close()


def main() -> None:
    """The process."""
    from llama_cpp import Llama
    from llama_cpp.llama_chat_format import MTMDChatHandler

    model: Any = None

    def answer(order: dict[str, Any]) -> Iterator[str]:
        nonlocal model
        if "load" in order:
            given = order["load"]
            model = Llama(
                given["text"],
                chat_handler=MTMDChatHandler(given["mmproj"], verbose=False, use_gpu=given["gpu_layers"] != 0),
                n_ctx=given["context"],
                n_batch=512,
                n_threads=given["threads"],
                n_threads_batch=given["threads"],
                n_gpu_layers=given["gpu_layers"],
                flash_attn=True,
                verbose=False,
            )
            return
        images = [{"type": "image_url", "image_url": f"data:image/png;base64,{data}"} for data in order["pictures"]]
        content = [*images, {"type": "text", "text": order["question"]}]
        for chunk in model.create_chat_completion(
            [{"role": "user", "content": content}],
            stream=True,
            temperature=0.0,
            repeat_penalty=1.0,
            max_tokens=order["tokens"],
        ):
            piece = chunk["choices"][0]["delta"].get("content")
            if piece:
                yield piece

    serve(answer)


if __name__ == "__main__":
    main()
