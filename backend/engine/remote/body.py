"""A request as an OpenAI chat completion with pictures.

A picture goes as PNG, the exact pixels of its raster, whose sides are multiples of 32; so no server needs to resize it.
llama-server takes such a size as it is, without black bars, from 8 to 4096 tokens for Qwen3-VL (checked: a picture adds
exactly its tokens to the prompt). vLLM and SGLang run Qwen's own preprocessing, which rounds to multiples of 32 and so
leaves it alone from 64 to 16,384 tokens, and beyond stretches it, which keeps 0…1000 linear (known, not checked here).

What not every server knows is sent in groups that can be left out again: a server that refuses one answers all the same.
A budget of reasoning is such a thing: llama-server and vLLM (with --reasoning-config) have each a key for it. A server that
knows neither lets its model reason for as long as `max_tokens` lasts, and to stop that from here would lose the answer.

An answer that was begun is gone on with by three programs, each told in its own way; any other would answer anew, as if
the model's own words had been said by somebody else, so it is not asked.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from backend.engine.api import Message, Request
from backend.scene import Raster

OPTIONAL: dict[str, tuple[str, ...]] = {
    "progress": ("return_progress",),
    "reasoning": ("thinking_budget_tokens", "thinking_token_budget"),
    "cache": ("cache_prompt",),
    "sampling": ("top_k", "min_p"),
    "logprobs": ("logprobs", "top_logprobs"),
    "usage": ("stream_options",),
    "seed": ("seed",),
}
"""What may be refused, each group with its keys; only the last four are OpenAI's."""

CONTINUES = frozenset(("llama-server", "vLLM", "SGLang"))
"""Programs that go on with an answer: llama-server wherever a conversation ends with one, the others when they are told to."""

_SPECIAL = re.compile(r"<(?=\|[a-z_]+\|>|/?(?:think|tool_call|tool_response)>)")
_THINK_END = "</think>"


def chat(request: Request, model: str, *, llama_server: bool, refused: Collection[str] = ()) -> dict[str, Any]:
    """The body of POST /chat/completions, without the groups that the server has refused."""
    rule = request.sampling
    body: dict[str, Any] = {
        "model": model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": most_tokens(request),
        "temperature": rule.temperature,
        "logprobs": True,
        "top_logprobs": 1,
    }
    if rule.temperature > 0:  # greedy ignores the rest, and what is not sent cannot be refused
        body |= {"top_p": rule.top_p, "top_k": rule.top_k, "min_p": rule.min_p, "seed": rule.seed}
        body["presence_penalty"] = rule.presence_penalty
    if llama_server:
        body |= {"cache_prompt": True, "return_progress": True}
    if request.begun and llama_server:
        body["chat_template_kwargs"] = {"enable_thinking": False}  # it refuses to go on with an answer that could still reason
    elif request.begun:
        body |= {"continue_final_message": True, "add_generation_prompt": False}
    elif request.thinking_tokens is not None and llama_server:
        body["thinking_budget_tokens"] = max(1, request.thinking_tokens)  # 0 is taken for no budget at all
    elif request.thinking_tokens is not None:
        body["thinking_token_budget"] = request.thinking_tokens
    return without(body, refused)


def most_tokens(request: Request) -> int:
    """What goes as `max_tokens`, which counts the reasoning on every server: both, or the one would eat the other. An answer
    that was begun has its reasoning behind it."""
    return request.max_tokens + (0 if request.begun else request.thinking_tokens or 0)


def warm_up(request: Request, model: str) -> dict[str, Any]:
    """Have llama-server read the conversation up to its last picture into its cache, and say nothing."""
    messages = [_message(message) for message in _up_to_last_picture(request.messages)]
    return {"model": model, "messages": messages, "stream": True, "max_tokens": 0, "cache_prompt": True}


def without(body: dict[str, Any], refused: Collection[str]) -> dict[str, Any]:
    """The body less some groups."""
    gone = {key for group in refused for key in OPTIONAL[group]}
    return {key: value for key, value in body.items() if key not in gone}


def to_leave_out(body: dict[str, Any], complaint: str) -> frozenset[str]:
    """The groups of `body` that a refusal names; all that are in it where it names none."""
    sent = {group: keys for group, keys in OPTIONAL.items() if any(key in body for key in keys)}
    named = {group for group, keys in sent.items() if any(re.search(rf"\b{key}\b", complaint) for key in keys)}
    return frozenset(named or sent)


def _up_to_last_picture(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    for index in reversed(range(len(messages))):
        parts = messages[index].parts
        last = max((at for at, part in enumerate(parts) if isinstance(part, Raster)), default=None)
        if last is not None:
            return (*messages[:index], Message(messages[index].role, parts[: last + 1]))
    return messages


def _message(message: Message) -> dict[str, Any]:
    if not any(isinstance(part, Raster) for part in message.parts):
        text = "".join(part for part in message.parts if isinstance(part, str))
        if message.role == "assistant":  # thinking models are trained to forget how they got there
            text = text.rsplit(_THINK_END, 1)[-1].lstrip("\n") if _THINK_END in text else text
        return {"role": message.role, "content": as_data(text)}
    content: list[dict[str, Any]] = []
    for part in message.parts:
        if isinstance(part, Raster):
            content.append({"type": "image_url", "image_url": {"url": data_url(part)}})
            if part.later:  # a server is not known to merge frames: it is shown both
                second = Raster(part.width, part.height, part.later)
                content.append({"type": "image_url", "image_url": {"url": data_url(second)}})
        elif part:
            content.append({"type": "text", "text": as_data(part)})
    return {"role": message.role, "content": content}


def as_data(text: str) -> str:
    """Text that no server takes for a special token: it would obey `<|im_end|>`, so a zero-width space goes into it."""
    return _SPECIAL.sub("<\u200b", text)


@lru_cache(maxsize=8)
def data_url(raster: Raster) -> str:
    """The raster as PNG; kept for the follow-up questions, which send it again."""
    from PIL import Image

    png = io.BytesIO()
    Image.frombytes("RGB", (raster.width, raster.height), raster.rgb).save(png, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"
