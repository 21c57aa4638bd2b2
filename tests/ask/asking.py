"""An asker over a scripted engine, for tests that look at what is sent and at what becomes of what is said."""

from __future__ import annotations

from pathlib import Path

from backend.answer import Answer
from backend.ask import Asker
from backend.catalog.card import InstalledModel, ModelCard, SamplingRule, TokenBudget
from backend.engine.api import Message
from backend.events import AskEvent, Done
from backend.scene import Picture, Units
from tests.scripted import Say, ScriptedEngine

CARD = ModelCard(
    name="canned",
    title="Canned",
    text="t.gguf",
    mmproj="m.gguf",
    repo=None,
    bundled=True,
    coordinates=Units.REL1000,
    image_tokens=TokenBudget(4, 36, 36),
    text_sampling=SamplingRule(0.7, 0.8, 20, 0.0, 1.5),
    box_sampling=SamplingRule(),
    context=2048,
    gpu_layers=0,
    max_tokens=256,
    thinking=False,
    parameters=0.0,
    download_bytes=0,
    note="knows only generated scenes",
)


def canned(*answers: str) -> ScriptedEngine:
    """Gives its answers one after the other."""
    return ScriptedEngine(*((Say(answer),) for answer in answers))


def picture(width: int = 200, height: int = 100, name: str = "p.png") -> Picture:
    return Picture(name, width, height, bytes([90]) * (width * height * 3), name * 8)


def asker(engine: ScriptedEngine, card: ModelCard = CARD) -> Asker:
    return Asker(InstalledModel(card, Path("t.gguf"), Path("m.gguf")), engine)


def answer_of(events: list[AskEvent]) -> Answer:
    last = events[-1]
    assert isinstance(last, Done), last
    return last.answer


def texts(message: Message) -> list[str]:
    return [part for part in message.parts if isinstance(part, str)]
