"""When an answer changes: a relation that holds from now on, or no longer, and words that read differently.

A model wavers, so that a change counts when it was said several times in a row. And only what geometry confirms moves a
relation: an undetermined claim leaves things as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.answer import Answer
from backend.ask.claims import agreement, asked, question_about
from backend.language import _
from backend.sanitise import one_line, quoted
from backend.scene import Ruling

STEADY = 2
"""Answers in a row that must say the same."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Flip:
    """One change of one question's answer; told like the events of tracks, with kinds of its own."""

    kind: str
    """`relation`: what the question asks about holds now, or no longer; `answer`: the words of the answer are others."""
    time: float
    """Of the first frame that said so, seconds."""
    known_at: float
    question: str
    text: str
    holds: bool | None = None
    """For a relation."""
    answer: str = ""

    def as_dict(self) -> dict[str, Any]:
        detail = {"question": self.question, "answer": self.answer}
        return {
            "kind": self.kind,
            "time": round(self.time, 3),
            "known_at": round(self.known_at, 3),
            "tracks": [],
            "labels": [],
            "text": self.text,
            "detail": {**detail, "holds": self.holds} if self.kind == "relation" else detail,
        }


class FlipFinder:
    """Follows what is answered to one question. The first steady answer is told too: it is news to whoever has just come."""

    def __init__(self, question: str, steady: int = STEADY) -> None:
        self._question, self._steady = question, steady
        self._claim = asked(question)
        self._state: bool | str | None = None
        self._next: bool | str | None = None
        self._since = 0.0
        self._times = 0

    def update(self, time: float, answer: Answer) -> list[Flip]:
        """What the answer to the frame of that time changes."""
        said: bool | str | None = self._words(answer) if self._claim is None else self._holds(answer)
        if said is None or said == self._state:
            self._times = 0
            return []
        if said != self._next or not self._times:
            self._next, self._since, self._times = said, time, 0
        self._times += 1
        if self._times < self._steady:
            return []
        first, self._state, self._times = self._state is None, said, 0
        words = one_line(answer.text, _LONGEST)
        if isinstance(said, bool):
            assert self._claim is not None
            about = question_about(self._claim) or self._question
            now = "yes" if said else "no"
            text = f"{quoted(about)}: {now}" if first else _("{about}: {now} from now on").format(about=quoted(about), now=now)
            return [Flip("relation", self._since, time, self._question, text, said, words)]
        return [Flip("answer", self._since, time, self._question, f"{quoted(self._question)}: {words}", None, words)]

    def _holds(self, answer: Answer) -> bool | None:
        """Whether what was asked about holds, as far as a confirmed claim tells."""
        assert self._claim is not None
        confirmed = [c for c in answer.claims if c.verdict is not None and c.verdict.ruling is Ruling.CONFIRMED]
        said = [agreement(self._claim, claim) for claim in confirmed]
        return False if False in said else True if True in said else None

    def _words(self, answer: Answer) -> str | None:
        """Of answers that are not coordinates, which differ from frame to frame."""
        if answer.boxes and not answer.claims and answer.text.lstrip().startswith(("[", "{")):
            return None
        return " ".join(answer.text.casefold().split()) or None
