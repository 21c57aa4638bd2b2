"""What is known about one model: where it comes from and how it wants to be spoken to. One table of models.toml each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backend.scene import Units


@dataclass(frozen=True, slots=True)
class TokenBudget:
    """Image tokens (32×32 pixels each) a picture may cost: the least and most that make sense, and what is used unasked."""

    min: int
    max: int
    default: int


@dataclass(frozen=True, slots=True)
class SamplingRule:
    """How this model samples one kind of answer; temperature 0 is greedy."""

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    presence_penalty: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model of the catalogue."""

    name: str
    title: str
    text: str
    """File name of the language model, or an absolute path for a model that was added in place."""
    mmproj: str
    repo: str | None
    """Hub repository `owner/name`; None for the bundled demo and for files that were added by hand."""
    bundled: bool
    coordinates: Units
    image_tokens: TokenBudget
    text_sampling: SamplingRule
    box_sampling: SamplingRule
    context: int
    gpu_layers: int
    max_tokens: int
    """Answer tokens unless the user says otherwise."""
    thinking: bool
    parameters: float
    """Billions, for ranking: a larger model that fits is preferred."""
    download_bytes: int
    """Both files together, as published; 0 where nothing is downloaded. Shown before a pull."""
    note: str = ""
    """What a user must know, in one sentence."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A card whose two files are on this disk."""

    card: ModelCard
    text: Path
    mmproj: Path
