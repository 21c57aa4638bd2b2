"""What was asked and answered: plain values that events are folded into, without a widget in sight.

Each picture, and each set of pictures in their order, keeps its own conversation, so an answer that arrives after the cursor
moved on still lands where it belongs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from backend.answer import Answer
from backend.ask import Turn
from backend.errors import SightlineError
from backend.events import AskEvent, Cancelled, Done, Encoding, Failed, Found, Judged, Loading, Prefilling, Thought, Token
from backend.scene import Box, Claim, Finding, Intrinsics
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
    FAILED = auto()

    @property
    def over(self) -> bool:
        return self in (Stage.ANSWERED, Stage.CANCELLED, Stage.FAILED)


@dataclass(slots=True)
class Exchange:
    """One question and what has come of it so far."""

    id: str
    question: str
    pictures: tuple[Path, ...]
    """In the order in which the model is shown them; findings say which of them they lie in."""
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

    @property
    def camera(self) -> Intrinsics | None:
        """The camera that the answer used, once it is whole and if it used one."""
        return self.answer.pictures[0].camera if self.answer is not None and self.answer.pictures else None

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
        self.answer = answer
        self.text, self.reasoning = answer.text, answer.thinking
        self.findings = list(answer.findings)
        self.claims = list(answer.claims)


@dataclass(slots=True)
class Conversation:
    """Everything asked about some pictures since it was last cleared."""

    pictures: tuple[Path, ...]
    exchanges: list[Exchange] = field(default_factory=list)

    def history(self) -> tuple[Turn, ...]:
        """The answered turns, word for word, for a follow-up question."""
        return tuple(Turn(*one.answer.turn) for one in self.exchanges if one.answer is not None and one.answer.turn[0])

    def words(self) -> tuple[Box, ...]:
        """The text in the picture, if it was read: a witness of what is answered from then on."""
        read = (one.answer.boxes for one in reversed(self.exchanges) if one.reads and one.answer is not None)
        return next(read, ())

    def latest(self) -> Exchange | None:
        """Whose evidence is drawn on the picture: always the last question's, so that no old box backs a new answer."""
        return self.exchanges[-1] if self.exchanges else None


class Conversations:
    """One conversation for each set of pictures in its order, kept while the app runs."""

    def __init__(self) -> None:
        self._about: dict[tuple[Path, ...], Conversation] = {}

    def about(self, pictures: tuple[Path, ...]) -> Conversation:
        return self._about.setdefault(pictures, Conversation(pictures))

    def clear(self, pictures: tuple[Path, ...]) -> None:
        self._about.pop(pictures, None)

    def pictures(self) -> frozenset[Path]:
        """Those that something was asked about."""
        return frozenset(picture for pictures, one in self._about.items() if one.exchanges for picture in pictures)
