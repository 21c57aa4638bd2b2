"""What is known about one model: where it comes from and how it wants to be spoken to. One table of models.toml each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from backend.scene import Units

_QUANT = re.compile(r"-(I?Q\d\w*|[BF]F?(?:16|32))(?=\.gguf$)")
"""The end of a published file name: `-Q4_K_M.gguf`, `-F16.gguf`."""


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
class Patience:
    """How long a server is waited for, in seconds, before the answer is given up."""

    connect: float = 10.0
    first_token: float = 600.0
    """From asking to the first sign of an answer: a large picture takes minutes without a GPU, and there may be a queue."""
    between_tokens: float = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """An OpenAI-compatible endpoint that answers in place of files on this disk."""

    url: str
    """The base of its paths, usually ending in /v1; without a slash at its end."""
    model: str = ""
    """What the server calls the model; empty: the first that it lists."""
    api_key_env: str = ""
    """The environment variable that holds the key; empty where the server wants none. Never the key itself."""
    patience: Patience = Patience()


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model of the catalogue."""

    name: str
    title: str
    text: str
    """File name of the language model, or an absolute path for a model that was added in place; empty with a `server`."""
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
    """Answer tokens unless the user says otherwise; what a thinking model reasons before it does not count."""
    thinking: bool
    parameters: float
    """Billions, for ranking: a larger model that fits is preferred."""
    download_bytes: int
    """Both files together, as published; 0 where nothing is downloaded. Shown before a pull."""
    note: str = ""
    """What a user must know, in one sentence."""
    other_quants: tuple[tuple[str, int], ...] = ()
    """Further quantisations of the language model that the repository publishes, each with its `download_bytes`."""
    thinking_tokens: int = 1024
    """Of a thinking model: tokens that it may reason for before it is made to answer, unless the user says otherwise."""
    frame_pairs: bool = False
    """Was taught films as pairs of frames, each pair seen as one picture."""
    server: Server | None = None
    """Who answers, where it is not this machine. Such a model is used only when it is named: pictures leave the machine."""

    @property
    def quant(self) -> str:
        """How the language model is quantised, as its file name says; empty where the name does not say."""
        found = _QUANT.search(self.text)
        return found[1] if found else ""

    @property
    def quants(self) -> tuple[str, ...]:
        """Every published quantisation, the one used unasked first."""
        return tuple(filter(None, (self.quant, *(name for name, _ in self.other_quants))))

    def in_quant(self, quant: str) -> ModelCard:
        """This card with the language model in another of its published quantisations."""
        sizes = dict(self.other_quants)
        if quant not in sizes:
            return self
        return replace(self, text=_QUANT.sub(f"-{quant}", self.text), download_bytes=sizes[quant])


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A card whose two files are on this disk, or whose server has the model (both paths are empty then)."""

    card: ModelCard
    text: Path
    mmproj: Path
