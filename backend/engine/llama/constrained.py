"""One answer kept to its form: what must come next, and the likeliest token that may.

The token that was sampled is checked first, and nearly always passes: a model that was trained to write boxes writes
boxes. Only when it is refused is the vocabulary looked at, first bytes in one sweep, then the likeliest of what is left.
Log-probabilities are not touched: they stay those of the model that knew of no form.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.engine.form import Form
from backend.engine.llama.grammar import automaton
from backend.engine.llama.vocabulary import NO_BYTE, Vocabulary
from backend.errors import EngineFailure
from backend.language import _

_BLOCKS = (64, 1024, 16_384)
"""How many of the likeliest candidates are put in order before all are."""


class Constraint:
    """How far one answer has come in its form."""

    def __init__(self, form: Form, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._state = automaton(form).start()

    @classmethod
    def behind(cls, begun: str, form: Form, vocabulary: Vocabulary) -> Constraint | None:
        """Of an answer that goes on from there; None where what was said is no beginning of the form."""
        constraint = cls(form, vocabulary)
        state = constraint._state.after(begun.encode()) if begun else constraint._state
        if state is None:
            return None
        constraint._state = state
        return constraint

    @property
    def complete(self) -> bool:
        """The answer may end here."""
        return self._state.complete

    @property
    def finished(self) -> bool:
        """The answer must end here: no token but an end of turn is allowed."""
        return self._state.finished

    def forced(self) -> tuple[int, ...]:
        """The tokens that must come next, which need not be sampled; they are not accepted by asking for them."""
        return self._vocabulary.forced(self._state)

    def allows(self, token: int) -> bool:
        """Whether the token may come next."""
        if token in self._vocabulary.ends:
            return self._state.complete
        piece = self._vocabulary.pieces[token]
        return bool(piece) and self._state.after(piece) is not None

    def accept(self, token: int) -> None:
        """The token has been said; it is one that `allows` lets pass."""
        if token not in self._vocabulary.ends:
            state = self._state.after(self._vocabulary.pieces[token])
            if state is None:
                raise ValueError(f"token {token} is not allowed here")
            self._state = state

    def choose(self, logits: NDArray[np.float32], sampled: int) -> int:
        """The sampled token where it may come next, else the likeliest that may."""
        if self.allows(sampled):
            return sampled
        candidates = self._candidates(logits)
        for size in (*(block for block in _BLOCKS if block < len(candidates)), len(candidates)):
            values = -logits[candidates]
            likeliest = np.argpartition(values, size - 1)[:size] if size < len(candidates) else np.arange(size)
            for index in likeliest[np.argsort(values[likeliest], kind="stable")]:
                if self.allows(token := int(candidates[index])):
                    return token
        raise EngineFailure(_("no token of the model can go on with the answer in its form"), cure=_("ask in other words"))

    def _candidates(self, logits: NDArray[np.float32]) -> NDArray[np.intp]:
        """The tokens whose first byte may come next, and the ends of a turn where it may end."""
        may = np.zeros(NO_BYTE + 1, dtype=np.bool_)
        may[self._state.allowed_bytes()] = True
        possible = may[self._vocabulary.first]
        possible[self._vocabulary.ends_at] = self._state.complete
        possible &= logits > -np.inf
        return np.flatnonzero(possible)
