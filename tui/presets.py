"""Questions that belong together and are asked with one key. They are data (presets.toml): a new one needs no code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from backend.catalog.card import ModelCard


@dataclass(frozen=True, slots=True)
class Preset:
    """One of them; its key, label and help become an action."""

    name: str
    keys: str
    label: str
    help: str
    questions: tuple[str, ...]
    drawn: tuple[str, ...]
    """What the demo model is asked instead, which knows nothing but drawn scenes."""

    def asked_of(self, card: ModelCard) -> tuple[str, ...]:
        """The questions for that model."""
        return self.drawn if card.bundled else self.questions


@cache
def presets() -> tuple[Preset, ...]:
    """The shipped ones, read once."""
    listed = tomllib.loads(files("tui").joinpath("presets.toml").read_text("utf-8"))["preset"]
    return tuple(Preset(**{**one, "questions": tuple(one["questions"]), "drawn": tuple(one["drawn"])}) for one in listed)


def preset(name: str) -> Preset:
    """The one with that name."""
    return next(one for one in presets() if one.name == name)
