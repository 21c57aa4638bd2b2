"""One answer, whole: what was asked, what was said, what was found, and what geometry makes of it.

`Answer.as_dict` is the JSON that the command line prints and that exports hold, the same everywhere (schema 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from backend.scene import Box, Box3D, CameraMotion, Change, Check, Claim, Finding, Intrinsics, Picture, Point, Tag, Window
from backend.scene.moments import Moment
from backend.schema import VERSION


@dataclass(frozen=True, slots=True)
class Timings:
    """Where the time of one answer went; milliseconds unless named otherwise."""

    load_ms: float = 0.0
    encode_ms: float = 0.0
    prefill_ms: float = 0.0
    first_token_ms: float = 0.0
    """From asking to the first token, be it of the reasoning or of the answer."""
    total_ms: float = 0.0
    thinking_ms: float = 0.0
    """From the first token of the reasoning to its end; 0 where there was none."""
    thinking_tokens: int = 0
    tokens: int = 0
    """Of the answer alone."""
    tokens_per_s: float = 0.0
    """Of both, while they were made."""
    reused_tokens: int = 0
    """Prompt tokens that were already in the KV cache from an earlier question."""

    def as_dict(self) -> dict[str, float | int]:
        return {
            "load_ms": round(self.load_ms, 1),
            "encode_ms": round(self.encode_ms, 1),
            "prefill_ms": round(self.prefill_ms, 1),
            "first_token_ms": round(self.first_token_ms, 1),
            "total_ms": round(self.total_ms, 1),
            "thinking_ms": round(self.thinking_ms, 1),
            "thinking_tokens": self.thinking_tokens,
            "tokens": self.tokens,
            "tokens_per_s": round(self.tokens_per_s, 1),
            "reused_tokens": self.reused_tokens,
        }


@dataclass(frozen=True, slots=True)
class PictureRef:
    """Which picture an answer is about, without its pixels."""

    path: str
    width: int
    height: int
    sha256: str
    camera: Intrinsics | None = None
    """What solid boxes were projected with; None where nothing needed a camera."""
    time: float | None = None
    """Seconds from the start of the film that it is a frame of."""
    part: Window | None = None
    """What of it the model was shown, where that was not all of it."""

    @classmethod
    def of(cls, picture: Picture, camera: Intrinsics | None = None, part: Window | None = None) -> Self:
        return cls(picture.name, picture.width, picture.height, picture.sha256, camera, picture.time, part)

    def as_dict(self) -> dict[str, Any]:
        part = self.part
        shown = {} if part is None else {"part": [round(v, 2) for v in (part.left, part.top, part.width, part.height)]}
        return {
            "path": self.path,
            "width": self.width,
            "height": self.height,
            "sha256": self.sha256,
            "time": None if self.time is None else round(self.time, 3),
            "camera": None if self.camera is None else self.camera.as_dict(),
            **shown,
        }


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as the model was given it."""

    role: str
    parts: tuple[str | tuple[int, int, int], ...]
    """Words, and pictures: which of the answer's pictures, and the width and height in which it was shown (pixels)."""

    def as_dict(self) -> dict[str, Any]:
        told = [
            {"text": part} if isinstance(part, str) else {"picture": part[0], "width": part[1], "height": part[2]}
            for part in self.parts
        ]
        return {"role": self.role, "parts": told}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a question was put: with this, the pictures and the model it can be asked again (`sightline replay`)."""

    messages: tuple[Sent, ...]
    """The whole conversation, the question last."""
    max_tokens: int
    thinking_tokens: int | None
    seed: int
    sampling: tuple[tuple[str, float], ...]
    """temperature, top_p, top_k, min_p and presence_penalty, as ordered pairs (a dict in the JSON)."""
    second_looks: bool
    camera_given: bool = False
    """The camera is the user's word, rather than what the file tells or what is assumed."""
    witnesses: tuple[str, ...] = ()
    """Which others looked before: `depth`, `words`."""
    part: tuple[float, float, float, float] | None = None
    """What was shown of its one picture, left, top, width and height in pixels of the upright original; None for all of it."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "messages": [message.as_dict() for message in self.messages],
            "max_tokens": self.max_tokens,
            "thinking_tokens": self.thinking_tokens,
            "seed": self.seed,
            "sampling": dict(self.sampling),
            "second_looks": self.second_looks,
            "camera_given": self.camera_given,
            "witnesses": list(self.witnesses),
            "part": None if self.part is None else list(self.part),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """One question answered, with everything that backs it. `as_dict` is the published JSON (schema 1)."""

    question: str
    task: str
    text: str
    pictures: tuple[PictureRef, ...]
    boxes: tuple[Box, ...] = ()
    points: tuple[Point, ...] = ()
    boxes3d: tuple[Box3D, ...] = ()
    claims: tuple[Claim, ...] = ()
    checks: tuple[Check, ...] = ()
    """Of findings against each other and against what a camera can see."""
    changes: tuple[Change, ...] = ()
    """What became of things from one picture to the next, where pictures were compared."""
    motions: tuple[CameraMotion, ...] = ()
    """What the camera did between those, in their order."""
    moments: tuple[Moment, ...] = ()
    """Times of a film that it speaks of, in the order of its text."""
    thinking: str = ""
    """A thinking model's reasoning: where it came from, not what it says. Boxes in it are not findings."""
    tags: tuple[Tag, ...] = ()
    told: tuple[str, ...] = ()
    """What other networks had seen, in the words in which the model was told before the question."""
    warnings: tuple[str, ...] = ()
    model: tuple[tuple[str, str], ...] = ()
    """What answered: name, files, runtime, as ordered pairs (a dict in the JSON)."""
    timings: Timings = Timings()
    ended: str = "end"
    """Why the model's words end: `end` where it ended them, `length`, `context` and `loop` as in `backend.events.StopReason`.
    Not published: `warnings` says it."""
    asked: Asked | None = None
    """How it was put; None for text from elsewhere, and for answers that were kept before this was."""
    turn: tuple[str, str] = ("", "")
    """The prompt as sent and the answer as sampled, word for word: what a follow-up question must repeat. Not published."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """In the order in which they are numbered: 3D boxes first, before the rectangles that were looked for to check them,
        then boxes and points."""
        return (*self.boxes3d, *self.boxes, *self.points)

    def as_dict(self) -> dict[str, Any]:
        return {
            "schema": VERSION,
            "question": self.question,
            "task": self.task,
            "text": self.text,
            "thinking": self.thinking,
            "pictures": [picture.as_dict() for picture in self.pictures],
            "boxes": [box.as_dict() for box in self.boxes],
            "points": [point.as_dict() for point in self.points],
            "boxes3d": [box.as_dict() for box in self.boxes3d],
            "claims": [claim.as_dict() for claim in self.claims],
            "checks": [check.as_dict() for check in self.checks],
            "changes": [change.as_dict() for change in self.changes],
            "motions": [motion.as_dict() for motion in self.motions],
            "moments": [moment.as_dict() for moment in self.moments],
            "tags": [tag.as_dict() for tag in self.tags],
            "told": list(self.told),
            "warnings": list(self.warnings),
            "model": dict(self.model),
            "timings": self.timings.as_dict(),
            "asked": None if self.asked is None else self.asked.as_dict(),
        }
