"""The protocol every engine speaks: a worker process of this machine, a remote server, a script in UI tests.

It is synchronous on purpose: `run` is an iterator that a thread drains, `cancel` may be called from any other thread.
Asynchronous front ends wrap it in a worker thread; a command line simply loops.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from backend.engine.form import Form
from backend.events import EngineEvent, Loading
from backend.scene import Raster

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. Text parts are data: special tokens written in them are spelled out as characters, never obeyed."""

    role: Role
    parts: tuple[str | Raster, ...]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is drawn. Temperature 0 is greedy and ignores the rest."""

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    """0 keeps every token."""
    min_p: float = 0.0
    presence_penalty: float = 0.0
    """Subtracted from the logit of every token that this answer already holds."""
    seed: int = 0


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


@dataclass(frozen=True, slots=True)
class Request:
    """One generation: the whole conversation so far, ending with a user turn, or with what the model has begun to answer to it:
    then it goes on from there, without reasoning first, and only what is new is told."""

    messages: tuple[Message, ...]
    sampling: Sampling
    max_tokens: int
    id: str = field(default_factory=_new_id)
    ahead: bool = False
    """Nobody waits for this yet: only the conversation up to its last picture is read, nothing is generated, and the request
    gives way to every other one (it then ends with Cancelled). It ends with Generated, without text, when the picture is in."""
    passing: bool = False
    """Its pictures are shown once, as a camera's frames are: what was computed of them rests until its place is needed, and is
    then neither parked nor kept on disk."""
    form: Form | None = None
    """The answer must match it; None: free text. Reasoning that comes before it is always free."""
    thinking_tokens: int | None = None
    """How many tokens a thinking model may reason for before it is made to answer; 0: it answers at once. None: as many as the
    context holds beside `max_tokens`, which are the answer's alone, and which reasoning never takes away."""

    @property
    def begun(self) -> str:
        """What the answer goes on from; empty where it begins."""
        last = self.messages[-1]
        return "".join(part for part in last.parts if isinstance(part, str)) if last.role == "assistant" else ""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What the engine must load, as paths and numbers; made from a catalogue card."""

    name: str
    text: Path
    mmproj: Path
    context: int
    """KV cells: prompt and answer tokens of one conversation."""
    gpu_layers: int
    """-1 offloads every layer that the build can offload."""
    image_max_tokens: int
    """Upper bound the vision tower must be ready for."""
    thinking: bool = False


class Engine(Protocol):
    """A loaded (or lazily loading) model."""

    def load(self) -> Iterator[Loading]:
        """Load the model now rather than with the first request; it is ready when the iterator ends.

        Idempotent. A request that comes meanwhile waits. Raises ModelError or EngineFailure.
        """
        ...

    def run(self, *requests: Request) -> Iterator[EngineEvent]:
        """Answer the requests together: their events interleave, and each ends with one Generated, Cancelled or Failed.

        The stream ends when all have. Requests about one picture share its cost. Several threads may run requests at once.
        They can be cancelled from the moment this returns, before anything is drawn from the iterator; leaving the
        iterator early cancels what has not ended.
        """
        ...

    def cancel(self, request_id: str) -> None:
        """Stop that request soon; its stream ends with Cancelled. Unknown or finished ids are ignored. Thread-safe."""
        ...

    def give_way(self) -> None:
        """Somebody types: where the model computes on the processor, leave that to others for the next moments.

        Thread-safe. It may block where the engine's process hangs.
        """
        ...

    def describe(self) -> tuple[tuple[str, str], ...]:
        """What answers, for the record: name, files, runtime and version, as ordered pairs."""
        ...

    def close(self) -> None:
        """Free everything; a running request ends with Cancelled. Idempotent."""
        ...
