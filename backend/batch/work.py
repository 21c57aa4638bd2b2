"""What a batch is made of: the parameters of a run, its items, and what became of each.

An item is one question about one source (a picture, or a film). Its key is a digest of the source's path, the question and the
parameters, so that whatever was asked differently is another item.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from backend.answer import Answer
from backend.errors import SightlineError
from backend.media.film.choice import Wanted
from backend.scene import Picture


@dataclass(frozen=True)
class Parameters:
    """Everything beside picture and question that decides what is answered."""

    models: tuple[str, ...]
    """Names of the catalogue, sorted: who answers which item is chance."""
    task: str = "auto"
    seed: int = 0
    max_tokens: int | None = None
    thinking_tokens: int | None = None
    second_looks: bool = True
    frames: Wanted = field(default_factory=Wanted)
    """Of films."""
    camera: tuple[tuple[str, str], ...] = ()
    """What was said of it, as it was typed; of a calibration file the digest."""

    @cached_property
    def told(self) -> dict[str, Any]:
        """As they stand in each line of the ledger."""
        frames = self.frames
        return {
            "models": list(self.models),
            "task": self.task,
            "seed": self.seed,
            "max_tokens": self.max_tokens,
            "thinking_tokens": self.thinking_tokens,
            "second_looks": self.second_looks,
            "frames": "scenes" if frames.scenes else frames.count,
            "fps": frames.fps,
            "camera": dict(self.camera) or None,
        }

    @cached_property
    def _spelled(self) -> bytes:
        return json.dumps(self.told, sort_keys=True).encode()

    def key(self, path: Path, question: str) -> str:
        """The item's name: 32 hexadecimal digits."""
        parts = (os.fsencode(path.absolute()), question.encode("utf-8", "surrogatepass"), self._spelled)
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Source:
    """A picture or a film that is to be asked about, as it was named or listed."""

    path: Path
    problem: SightlineError | None = None
    """Why it cannot even be listed (a folder inside a folder that may not be read)."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a file is told from the one that lay there before, without reading it."""

    bytes: int = 0
    modified: int = 0
    """Nanoseconds since 1970."""

    @classmethod
    def of(cls, path: Path) -> Stamp:
        """Of the file; zeros where there is none."""
        try:
            status = path.stat()
        except (OSError, ValueError):
            return cls()
        return cls(status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Item:
    """One question about one source."""

    key: str
    question: str


@dataclass(frozen=True, slots=True)
class Job:
    """What one worker does at a time: all that is asked about one source."""

    source: Source
    stamp: Stamp
    pictures: tuple[Picture, ...]
    """The picture, or frames of the film."""
    items: tuple[Item, ...]
    attempts: int = 0
    failed_at: frozenset[str] = frozenset()
    """Stations that could not answer it."""

    @property
    def weight(self) -> int:
        """Bytes of pixels that it holds."""
        return sum(len(one.rgb) + (len(one.later.rgb) if one.later else 0) for one in self.pictures)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item."""

    item: Item
    source: Source
    stamp: Stamp
    end: Answer | SightlineError
    seconds: float = 0.0
    """From asking to the answer, failed attempts not counted; 0 where nothing was asked."""
    station: str = ""
    """Who answered."""
