"""The bytes of every token, arranged for three questions: what does it spell, how does it begin, which tokens go on from here.

The last one keeps forced text honest. A model reads text in the tokens it was trained on. Were all of `, "label": "` put
into the cache where the model's own next token is ` "$` or `"},`, it would have to go on in pieces that it never saw
side by side, and would answer differently. So the tail that some token spans is left for the model to say.
"""

from __future__ import annotations

import codecs
import itertools
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from weakref import WeakKeyDictionary

import numpy as np

from backend.engine.llama.grammar import State

NO_BYTE = 256


class Vocabulary:
    """The tokens of one model."""

    def __init__(self, pieces: Sequence[bytes], ends: Collection[int], tokens: Callable[[str], list[int]]) -> None:
        """`pieces`: by id, empty for control tokens. `ends`: the ids that end a turn. `tokens`: how the model spells text."""
        self.pieces = pieces
        self.ends = frozenset(ends)
        self.ends_at = np.array(sorted(self.ends), dtype=np.intp)
        self._tokens = tokens
        self._sorted = sorted({piece for piece in pieces if piece})
        self._longest = max(map(len, self._sorted), default=0)
        self.first = np.array([piece[0] if piece else NO_BYTE for piece in pieces], dtype=np.intp)
        """The first byte of every token; `NO_BYTE` for control tokens and those that end a turn."""
        self.first[self.ends_at] = NO_BYTE
        self._forced: WeakKeyDictionary[State, tuple[int, ...]] = WeakKeyDictionary()

    def forced(self, state: State) -> tuple[int, ...]:
        """The tokens that come next whatever the model would say, and that it would not spell otherwise."""
        found = self._forced.get(state)
        if found is None:
            found = self._forced[state] = self._spelled(state)
        return found

    def _spelled(self, state: State) -> tuple[int, ...]:
        run, behind = state.forced()
        settled = self._settled(run, behind) if run else 0
        ids: list[int] = []
        end = 0
        for token in self._tokens(_characters(run)) if settled else ():
            start, end = end, end + len(self.pieces[token])
            if end > settled or run[start:end] != self.pieces[token] or start == end:
                break
            ids.append(token)
        return tuple(ids)

    def _settled(self, run: bytes, behind: State) -> int:
        """The bytes of the run up to the first token that might begin in it and go on behind it."""
        following = behind.allowed_bytes()
        for start in range(max(0, len(run) - self._longest), len(run)):
            tail = run[start:]
            if any(len(piece) > len(tail) for piece in itertools.islice(self._beginning(tail), 2)) and any(
                behind.after(piece[len(tail) :]) is not None
                for byte in following
                for piece in self._beginning(tail + bytes((byte,)))
            ):
                return start
        return len(run)

    def _beginning(self, text: bytes) -> Iterator[bytes]:
        """The pieces that begin with this text."""
        for place in range(bisect_left(self._sorted, text), len(self._sorted)):
            if not self._sorted[place].startswith(text):
                return
            yield self._sorted[place]


def _characters(run: bytes) -> str:
    """The whole characters of a run; none where it begins inside one."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(run)
    except UnicodeDecodeError:
        return ""
