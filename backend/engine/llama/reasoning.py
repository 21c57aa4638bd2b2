"""When a thinking model has reasoned for long enough, and what is then said in its place so that it answers.

A budget ends the reasoning, never the answer: the model's own words are followed by a sentence that it might have said, by
`</think>`, and by what follows that in its training, and it goes on from there. Qwen made its budgets so ("Qwen3 Technical
Report", 2025, section 4.3): a model that can reason can also answer from half a thought. The words are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.engine.llama.chat import BEHIND_THINKING, Control
from backend.engine.llama.model import LanguageModel
from backend.engine.llama.stream import ThinkTags

ENOUGH = "\n\nThat is all the time there is to think; from what I have so far, this is the answer.\n"


@dataclass(frozen=True, slots=True)
class Reasoning:
    """How one model is brought to its answer."""

    tags: ThinkTags
    closing: tuple[int, ...]
    """What ends a reasoning from outside: `ENOUGH`, the tag, and what stands behind it."""
    behind: tuple[int, ...]
    """What stands between the tag and the answer."""

    @classmethod
    def of(cls, model: LanguageModel) -> Reasoning:
        """For a thinking model; ModelError where its vocabulary has no tags."""
        tags = model.think_tags()
        behind = model.tokens(BEHIND_THINKING)
        return cls(tags, (*model.tokens(ENOUGH), tags.end, *behind), tuple(behind))

    @property
    def controls(self) -> dict[Control, int]:
        """What its prompts are framed with beside what every model's are."""
        return {Control.THINK: self.tags.start, Control.THINK_END: self.tags.end}

    def budget(self, wanted: int | None, room: int) -> int:
        """Tokens to reason for where so many are wanted (None: all there are) and `room` cells are left beside the answer.

        The closing fits in always, so that what is not left over for reasoning costs the answer nothing.
        """
        most = max(0, room - len(self.closing))
        return most if wanted is None else min(wanted, most)


class Course:
    """One reasoning on its way. It is over once, whatever the model opens again later: that is part of its answer."""

    def __init__(self, reasoning: Reasoning, budget: int) -> None:
        self._reasoning = reasoning
        self._budget = budget
        self.tokens = 0
        """Said so far, without those that end it."""

    @property
    def spent(self) -> bool:
        return self.tokens >= self._budget

    @property
    def reserved(self) -> int:
        """Cells that it may still need: for what it may say, and for its end."""
        return max(0, self._budget - self.tokens) + len(self._reasoning.closing)

    def ending(self, *, itself: bool) -> Sequence[int]:
        """The tokens that lead from here to the answer; `itself`: the model has just said the tag."""
        return self._reasoning.behind if itself else self._reasoning.closing
