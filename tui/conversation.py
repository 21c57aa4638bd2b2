"""What was asked about some pictures and answered: a tree of exchanges, of which one path is shown.

Every question follows one exchange or begins the conversation. Whoever asks again, or asks something else in an earlier
question's place, gives the same exchange a second continuation; the first is not lost, only not shown. Each picture, and
each set of pictures in their order, has a conversation of its own, so that an answer that arrives after the cursor moved on
still lands where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from backend.ask import Turn
from backend.scene import Box
from tui.exchange import Exchange, Stage

__all__ = ["Conversation", "Conversations", "Exchange", "Stage"]

BEGINNING = ""
"""In place of an exchange's id: what the first question follows."""
OPEN = ""
"""In place of a continuation's id: none, the path ends here and the next question goes on from it."""


@dataclass(slots=True)
class Conversation:
    """Everything asked about some pictures since it was last cleared. To keep one, its three fields are to be kept."""

    pictures: tuple[Path, ...]
    asked: list[Exchange] = field(default_factory=list)
    """All exchanges, on whichever branch, in the order in which they were asked: a parent before what follows it."""
    chosen: dict[str, str] = field(default_factory=dict)
    """By an exchange's id (`BEGINNING`: of none), the id of the continuation that is shown, or `OPEN`; where nothing is
    chosen it is the newest."""

    @property
    def exchanges(self) -> list[Exchange]:
        """The path that is shown, from the first question to the last."""
        following: dict[str, list[Exchange]] = {}
        for exchange in self.asked:
            following.setdefault(exchange.parent, []).append(exchange)
        path: list[Exchange] = []
        at = BEGINNING
        while (continuations := following.get(at)) and (chosen := self.chosen.get(at, continuations[-1].id)) != OPEN:
            path.append(next((one for one in continuations if one.id == chosen), continuations[-1]))
            at = path[-1].id
        return path

    def add(self, *exchanges: Exchange, instead_of: Exchange | None = None) -> None:
        """Take questions in, each following the one before it, and show them: at the end of the path, or as other
        continuations where `instead_of` stands."""
        path = self.exchanges
        at = instead_of.parent if instead_of is not None else path[-1].id if path else BEGINNING
        for exchange in exchanges:
            exchange.parent = at
            self.asked.append(exchange)
            self.chosen[at] = exchange.id
            at = exchange.id

    def history(self, before: Exchange | None = None, part: str = "") -> tuple[Turn, ...]:
        """The path's answered turns, word for word, for a follow-up question; those that stand before one of them. Only of the
        same `part` of the picture: to the model every part is another picture."""
        path = self.exchanges
        if before is not None and before in path:
            path = path[: path.index(before)]
        answered = [(one, one.answer) for one in path if one.answer is not None and one.answer.turn[0]]
        return tuple(Turn(*answer.turn) for one, answer in answered if one.part == part)

    def alternatives(self, exchange: Exchange) -> list[Exchange]:
        """All that stand where this one does, itself among them."""
        return [one for one in self.asked if one.parent == exchange.parent]

    def continuations(self, exchange: Exchange) -> list[Exchange]:
        """All that follow this one."""
        return [one for one in self.asked if one.parent == exchange.id]

    def switch(self, exchange: Exchange, by: int) -> Exchange:
        """Show the alternative so many places later (negative: earlier), as far as there are any; returns what is shown."""
        alternatives = self.alternatives(exchange)
        at = max(0, min(len(alternatives) - 1, alternatives.index(exchange) + by))
        self.chosen[exchange.parent] = alternatives[at].id
        return alternatives[at]

    def show(self, exchange: Exchange) -> None:
        """Show the path that leads to this one, on whichever branch it is."""
        parents = {one.id: one for one in self.asked}
        one: Exchange | None = exchange
        while one is not None:
            self.chosen[one.parent] = one.id
            one = parents.get(one.parent)

    def branch(self, exchange: Exchange) -> bool:
        """End the path at this exchange, so that the next question goes on from there; where it ends there already and was
        continued before, show that again. Returns whether the path ends there now."""
        ends = not self.branched(exchange) and bool(self.continuations(exchange))
        if ends:
            self.chosen[exchange.id] = OPEN
        else:
            self.chosen.pop(exchange.id, None)
        return ends

    def branched(self, exchange: Exchange) -> bool:
        """Whether the path ends at this exchange although it was continued."""
        return self.chosen.get(exchange.id) == OPEN

    def words(self) -> tuple[Box, ...]:
        """The text in the picture, if it was read: a witness of what is answered from then on, on every branch."""
        read = (one.answer.boxes for one in reversed(self.asked) if one.reads and one.answer is not None)
        return next(read, ())

    def latest(self) -> Exchange | None:
        """Whose evidence is drawn on the picture: always the last question's, so that no old box backs a new answer."""
        path = self.exchanges
        return path[-1] if path else None


class Conversations:
    """One conversation for each set of pictures in its order, kept while the app runs."""

    def __init__(self) -> None:
        self._about: dict[tuple[Path, ...], Conversation] = {}

    def __iter__(self) -> Iterator[Conversation]:
        return iter(tuple(self._about.values()))

    def about(self, pictures: tuple[Path, ...]) -> Conversation:
        return self._about.setdefault(pictures, Conversation(pictures))

    def restore(self, conversation: Conversation) -> None:
        """Take in one that was kept, in the place of what is there."""
        self._about[conversation.pictures] = conversation

    def clear(self, pictures: tuple[Path, ...]) -> None:
        self._about.pop(pictures, None)

    def pictures(self) -> frozenset[Path]:
        """Those that something was asked about."""
        return frozenset(picture for pictures, one in self._about.items() if one.asked for picture in pictures)
