"""One question and what has come of it: a plain value that events are folded into, without a widget in sight."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from backend.answer import Answer
from backend.errors import SightlineError
from backend.events import AskEvent, Cancelled, Done, Encoding, Failed, Found, Judged, Loading, Prefilling, Thought, Token
from backend.scene import Claim, Finding, Intrinsics, Window
from backend.scene.moments import CLOSE


class Stage(Enum):
    """How far one question has come."""

    WAITING = auto()
    LOADING = auto()
    LOOKING = auto()
    READING = auto()
    THINKING = auto()
    ANSWERING = auto()
    ANSWERED = auto()
    CANCELLED = auto()
    """Stopped by the user."""
    INTERRUPTED = auto()
    """The app ended before the answer did."""
    FAILED = auto()

    @property
    def over(self) -> bool:
        return self in (Stage.ANSWERED, Stage.CANCELLED, Stage.INTERRUPTED, Stage.FAILED)


def part_of(window: Window | None) -> str:
    """Left, top, width and height of a part in whole pixels, as an `Exchange` keeps it."""
    if window is None:
        return ""
    return " ".join(f"{side:.0f}" for side in (window.left, window.top, window.width, window.height))


@dataclass(slots=True)
class Exchange:
    """One question and what has come of it so far."""

    id: str
    question: str
    pictures: tuple[Path, ...]
    """In the order in which the model is shown them; findings say which of them they lie in."""
    parent: str = ""
    """Id of the exchange that it follows in its conversation; empty for one that begins it."""
    seed: int = 0
    """Of the sampling; another one where the same question was asked again."""
    second_looks: bool = True
    """Whether it is looked at and asked about a second time."""
    part: str = ""
    """What of its one picture it is about, as `part_of` writes it; all of it where empty."""
    begun: str = ""
    """What a former answer said before it was cut off, word for word: this one goes on from there, and its text begins so."""
    ended: str = ""
    """Why a whole answer ends where it does: `end`, or what cut it off (`backend.answer.Answer.ended`)."""
    stage: Stage = Stage.WAITING
    progress: tuple[int, int] = (0, 0)
    """Done and total of the stage, in its own unit: percent loaded, vision layers, prompt tokens."""
    text: str = ""
    thoughts: int = 0
    """Tokens of reasoning so far."""
    thought_ms: float = 0.0
    """How long it took, where that is known."""
    reasoning: str = ""
    tokens: int = 0
    reused: int = 0
    prompt: int = 0
    """Tokens that the model was given, the picture's included, of which `reused` were known to it."""
    preset: bool = False
    """Asked by a key and not typed."""
    reads: bool = False
    """Nothing is asked of the model: the text in the picture is read by a network of its own."""
    findings: list[Finding] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    answer: Answer | None = None
    error: SightlineError | None = None
    since: str = ""
    """What became of its pictures since it was asked in an earlier run: `changed`, `missing`, or nothing."""

    @property
    def camera(self) -> Intrinsics | None:
        """The camera that the answer used, once it is whole and if it used one."""
        return self.answer.pictures[0].camera if self.answer is not None and self.answer.pictures else None

    def again(self, id: str, question: str | None = None, *, seed: int | None = None, begun: str = "") -> Exchange:
        """A question in this one's place, with its settings: the same, or another. `begun`: what its answer goes on from."""
        return Exchange(
            id,
            self.question if question is None else question,
            self.pictures,
            seed=self.seed if seed is None else seed,
            second_looks=self.second_looks,
            part=self.part,
            begun=begun,
            reads=self.reads and question is None,
        )

    @property
    def unfinished(self) -> bool:
        """Whether more would have been said: it was stopped in its words, or cut off."""
        stopped = self.stage in (Stage.CANCELLED, Stage.INTERRUPTED) and bool(self.text)
        return not self.reads and (stopped or self.ended == "length")

    @property
    def window(self) -> Window | None:
        """What of its one picture it is about, pixels of the upright original."""
        sides = [int(side) for side in self.part.split() if side.isdecimal()]
        return Window(*sides) if len(sides) == 4 else None

    @property
    def said(self) -> str:
        """What was said so far, word for word."""
        return self.answer.turn[1] or self.answer.text if self.answer is not None else self.text

    def time_of(self, finding: int) -> float | None:
        """When the frame is shown that a finding lies in, seconds; None before the answer is whole, and for pictures."""
        if self.answer is None or not 0 <= finding < len(self.findings):
            return None
        return self.answer.pictures[self.findings[finding].picture].time

    def camera_of(self, picture: int | None) -> Intrinsics | None:
        """The camera of that one of the answer's pictures (None, or none of them: the first), where it used one."""
        pictures = self.answer.pictures if self.answer is not None else ()
        return pictures[picture].camera if picture is not None and 0 <= picture < len(pictures) else self.camera

    def picture_at(self, time: float) -> int:
        """Which of the answer's pictures is the frame shown at that time; -1 for none."""
        pictures = self.answer.pictures if self.answer is not None else ()
        known = (n for n, one in enumerate(pictures) if one.time is not None and abs(one.time - time) <= CLOSE)
        return next(known, -1)

    def fold(self, event: AskEvent) -> None:
        """Take one event in; those that come after the end change nothing."""
        if self.stage.over:
            return
        match event:
            case Loading(fraction=fraction):
                self.stage, self.progress = Stage.LOADING, (round(fraction * 100), 100)
            case Encoding(done=done, total=total):
                self.stage, self.progress = Stage.LOOKING, (done, total)
            case Prefilling(done=done, total=total, reused=reused):
                self.stage, self.progress = Stage.READING, (done, total)
                self.reused, self.prompt = reused, total
            case Token(text=text, thinking=True):
                self.stage, self.thoughts, self.reasoning = Stage.THINKING, self.thoughts + 1, self.reasoning + text
            case Thought(tokens=tokens, ms=ms):
                self.stage, self.thoughts, self.thought_ms = Stage.ANSWERING, tokens, ms
            case Token(text=text):
                self.stage, self.text, self.tokens = Stage.ANSWERING, self.text + text, self.tokens + 1
            case Found(finding=finding):
                self.findings.append(finding)
            case Judged(claim=claim):
                self.claims.append(claim)
            case Done(answer=answer):
                self._finish(answer)
            case Cancelled():
                self.stage = Stage.CANCELLED
            case Failed(error=error):
                self.stage, self.error = Stage.FAILED, error

    def _finish(self, answer: Answer) -> None:
        """The answer is the last word on text and findings: repairs at the end of the stream are in it."""
        self.stage = Stage.ANSWERED
        self.answer, self.ended = answer, answer.ended
        self.text, self.reasoning = answer.text, answer.thinking
        self.findings = list(answer.findings)
        self.claims = list(answer.claims)
