"""What an answer looks like while it is being made.

Events are the only thing that crosses from the engine to whoever asked. Each names the request it belongs to, so that
a late event of a cancelled question can be told from the current one. A stream ends with exactly one of
`Generated` (engine) or `Done` (ask), `Cancelled`, `Failed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backend.answer import Answer, Timings
from backend.errors import SightlineError
from backend.scene import Claim, Finding


@dataclass(frozen=True, slots=True)
class Loading:
    """The model is being read; `fraction` is 0…1 of its weights."""

    request: str
    model: str
    fraction: float


@dataclass(frozen=True, slots=True)
class Encoding:
    """The vision tower works on a picture: `done` of `total` layers. Not sent for a picture whose tokens are reused."""

    request: str
    picture: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Prefilling:
    """The prompt is read: `done` of `total` prompt tokens are in the KV cache, `reused` of them from an earlier question."""

    request: str
    done: int
    total: int
    reused: int


@dataclass(frozen=True, slots=True)
class Token:
    """One sampled token. `text` is empty while a character is still incomplete."""

    request: str
    text: str
    logprob: float | None
    """Natural logarithm of the token's probability under the unmodified model, before any sampling rule. None where the token
    was not sampled, because the answer's form left no choice, or where the runtime gives none."""
    thinking: bool = False
    """Inside a thinking model's reasoning, which is not part of the answer."""


ThoughtEnd = Literal["itself", "budget", "loop", "turn"]
"""The model came to the end of its reasoning, was stopped when its budget was spent, reasoned in a loop, or ended its turn."""


@dataclass(frozen=True, slots=True)
class Thought:
    """A thinking model's reasoning is over, and its answer follows. Not sent by a model that does not reason."""

    request: str
    tokens: int
    """Of the reasoning itself, without those that ended it; 0 where it was skipped."""
    ms: float
    """From its first token to its end."""
    ended: ThoughtEnd
    """All but `itself` mean that the engine ended it so that there is an answer, in words of its own, which it does not tell.
    Of a server it is always `itself`: it does not say."""


StopReason = Literal["end", "length", "context", "loop"]
"""The model ended its turn, `max_tokens` were made, the context is full, or the model said the same over and over."""


@dataclass(frozen=True, slots=True)
class Generated:
    """The engine has finished."""

    request: str
    text: str
    reason: StopReason
    timings: Timings


@dataclass(frozen=True, slots=True)
class Found:
    """A finding is complete in the stream, in pixels of the upright original."""

    request: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Judged:
    """Geometry has looked at a claim (its `verdict` is set)."""

    request: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Done:
    request: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Cancelled:
    request: str


@dataclass(frozen=True, slots=True)
class Failed:
    request: str
    error: SightlineError


EngineEvent = Loading | Encoding | Prefilling | Token | Thought | Generated | Cancelled | Failed
AskEvent = Loading | Encoding | Prefilling | Token | Thought | Found | Judged | Done | Cancelled | Failed
