"""Messages → the ChatML that Qwen models were trained on, as segments in which control tokens cannot be confused with text.

The framing is written out here rather than rendered from the model's Jinja template: a template yields one string, in
which a user's own `<|im_end|>` looks like ours. Here a control token is a `Control`, and everything else is data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backend.engine.api import Message
from backend.scene import Raster


class Control(StrEnum):
    """The special tokens that frame a conversation; each is one id in the vocabulary."""

    TURN = "<|im_start|>"
    TURN_END = "<|im_end|>"
    VISION = "<|vision_start|>"
    VISION_END = "<|vision_end|>"
    THINK = "<think>"
    THINK_END = "</think>"


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, never obeyed."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, with its place among the pictures of the whole conversation."""

    raster: Raster
    index: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What the model said in an earlier turn; its ids may still be known."""

    text: str


@dataclass(frozen=True, slots=True)
class Seam:
    """What precedes is worth keeping without what follows: an earlier turn, whatever is asked next."""


Segment = Control | Text | Image | Answered | Seam

BEHIND_THINKING = "\n\n"
"""What stands between `</think>` and the answer in everything that a thinking model was trained on."""


def without_thinking(text: str) -> str:
    """An earlier answer as it is shown to the model again: thinking models are trained to forget how they got there."""
    return text.rsplit(Control.THINK_END, 1)[-1].lstrip("\n") if Control.THINK_END in text else text


def framed(messages: Sequence[Message], *, thinking: bool, skipped: bool = False) -> tuple[Segment, ...]:
    """The conversation, and the opening of the answer to it; what the model has begun to answer, if it ends with that.

    `thinking`: of a thinking model, whose answer opens with its reasoning. `skipped`: that has been and gone, empty, as
    Qwen's hybrid models are told not to reason; so it has behind an answer that was begun.
    """
    segments: list[Segment] = []
    images = 0
    begun = messages[-1] if messages[-1].role == "assistant" else None
    for message in messages if begun is None else messages[:-1]:
        if message.role != "assistant":
            segments.append(Seam())
        segments.append(Control.TURN)
        for segment in _turn(message, images):
            segments.append(segment)
            images += isinstance(segment, Image)
        segments += [Control.TURN_END, Text("\n")]
    segments += [Control.TURN, Text("assistant\n")]
    if thinking:
        segments.append(Control.THINK)
        over = skipped or begun is not None
        segments += [Text("\n\n"), Control.THINK_END, Text(BEHIND_THINKING)] if over else [Text("\n")]
    if begun is not None:
        segments.append(_answered(begun))
    return tuple(segments)


def _turn(message: Message, images: int) -> Iterator[Segment]:
    if message.role == "assistant":
        yield Text("assistant\n")
        yield _answered(message)
        return
    pending = f"{message.role}\n"
    for part in message.parts:
        if isinstance(part, str):
            pending += part
            continue
        if pending:
            yield Text(pending)
            pending = ""
        yield Control.VISION
        yield Image(part, images)
        yield Control.VISION_END
        images += 1
    if pending:
        yield Text(pending)


def _answered(message: Message) -> Answered:
    return Answered(without_thinking("".join(part for part in message.parts if isinstance(part, str))))
