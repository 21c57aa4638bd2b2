"""What kind of answer a question wants, and a question as it is asked.

The kinds of answers are few and known to the code. Tasks are many and are data (`tasks.toml`, and the user's own file): each
says in which words its kind of answer is asked for.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from backend.scene import Box, DepthMap, Picture, Window
from backend.spatial.known_camera import GivenCamera

AUTO = "auto"
"""In place of a task's name: it is settled from the wording before anything is sent to the model."""

Tongue = Literal["en", "zh"]
Patterns = tuple[re.Pattern[str], ...]
Templates = Mapping[Tongue, tuple[str, ...]]
"""In each language some texts with {places}; the first whose places are filled is taken."""


class Kind(StrEnum):
    """What an answer is made of."""

    BOXES = "boxes"
    POINTS = "points"
    BOXES3D = "boxes3d"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Task:
    """One of the things that can be asked, as the book (`backend.ask.book`) describes it."""

    name: str
    kind: Kind
    title: Mapping[Tongue, str]
    """One line for people."""
    templates: Templates
    """Around what `asks` found in the question; none where prose is asked for as it was typed."""
    description: Templates
    """Around a question that only names something."""
    counted: Templates
    """Asks for the boxes of everything that the answer counts."""
    asks: Patterns
    format: Patterns
    auto: Patterns
    alone: Patterns
    """Ends of prompts that ask for nothing but this kind's JSON; a group `rest` is what in them came from the question."""
    closely: bool
    """Its answer depends on where things are, so that the picture deserves the tokens of a search for boxes."""
    claims: bool
    """What it says of space is taken up as claims."""
    origin: str
    """Who described it: `sightline`, `changed` by the user's file, or `yours`, from that file alone."""

    @property
    def grounds(self) -> bool:
        """Whether the answer is coordinates rather than prose."""
        return self.kind is not Kind.PROSE


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question about the same pictures and what was answered, word for word."""

    question: str
    """As it was sent to the model (`Answer.prompt`), so that its tokens are found in the cache."""
    answer: str


@dataclass(frozen=True, slots=True)
class Observed:
    """What networks beside the model saw in one picture before it is asked."""

    depth: DepthMap | None = None
    words: tuple[Box, ...] = ()
    """Text that was read, a box for each line or word, `found_by` ocr."""
    listed: bool = True
    """Whether all of that text is among the answer's findings; else only what the answer is held against."""


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one or more pictures, with the turns that came before it."""

    text: str
    pictures: tuple[Picture, ...]
    task: str = AUTO
    """The name of a task in the book."""
    history: tuple[Turn, ...] = ()
    max_tokens: int | None = None
    """Answer tokens at most; the model card's figure when None."""
    thinking_tokens: int | None = None
    """Tokens that a thinking model may reason for, 0: none; the model card's figure when None."""
    seed: int = 0
    begun: str = ""
    """What an answer to it has said before it was cut off, word for word as it was sampled: the answer goes on from there, and
    is both together."""
    second_looks: bool = False
    """Look again, enlarged, at what is small or doubtful, and ask again, mirrored and exchanged, what is claimed."""
    camera: GivenCamera | None = None
    """What the user says of the camera; EXIF is asked, else 60° across assumed, where None."""
    image_tokens: int | None = None
    """Tokens that each picture may cost at most, where less is wanted than its task would give it."""
    shown_as: tuple[tuple[int, int], ...] = ()
    """Width and height, in pixels, in which the model is to see each picture: as it saw them once before. Empty: as it
    suits.
    """
    passing: bool = False
    """Its pictures are a camera's frames, which nobody will ask about again: nothing of them is kept for later."""
    observed: tuple[Observed, ...] = ()
    """For each picture in its order; empty where nothing but the model looked."""
    part: Window | None = None
    """What is shown of its one picture, in pixels of the upright original; all of it where None."""
    told: tuple[str, ...] = ()
    """Sentences about what others saw that the model is given before the question; the answer holds them too."""
    id: str = field(default_factory=_new_id)
