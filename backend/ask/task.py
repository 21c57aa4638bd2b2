"""What kind of answer a question wants, and a question as it is asked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum

from backend.scene import Picture


class Task(StrEnum):
    """Kinds of answers; `auto` is settled from the wording before anything is sent to the model."""

    AUTO = "auto"
    BOXES = "boxes"
    POINTS = "points"
    BOXES3D = "boxes3d"
    RELATION = "relation"
    COUNT = "count"
    DESCRIBE = "describe"
    FREE = "free"

    @property
    def grounds(self) -> bool:
        """Whether the answer is coordinates rather than prose."""
        return self in (Task.BOXES, Task.POINTS, Task.BOXES3D)


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question about the same pictures and what was answered, word for word."""

    question: str
    """As it was sent to the model (`Answer.prompt`), so that its tokens are found in the cache."""
    answer: str


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one or more pictures, with the turns that came before it."""

    text: str
    pictures: tuple[Picture, ...]
    task: Task = Task.AUTO
    history: tuple[Turn, ...] = ()
    max_tokens: int | None = None
    """Answer tokens at most; the model card's figure when None."""
    seed: int = 0
    second_looks: bool = False
    """Look again, enlarged, at what is small or doubtful, and ask again, mirrored and exchanged, what is claimed."""
    id: str = field(default_factory=_new_id)
