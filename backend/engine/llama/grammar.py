"""The automaton of a Form: which bytes may come next, whether the answer may end, and which text must come.

It works on bytes, because tokens are bytes: one token may span several parts of a form, or end inside a character.
What is left of a form after some bytes is again a list of forms (its derivative), so a state is simply the set of what
may still follow, and states are made only when an answer reaches them. A count such as "198 more boxes" is then a
number in such a rest, not two hundred copies of an automaton.

It stands in for llama.cpp's grammar sampler: one sampled token is checked in microseconds, the whole vocabulary is looked
at only when that one is refused, no error can abort the process, and the forced text falls out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from backend.engine.form import Choice, Form, Integer, Literal, Quoted, Repeat, Series

Ranges = tuple[tuple[int, int], ...]
"""Byte values: first and last of each run."""

MOST_STATES = 50_000
"""States of one automaton; it starts from nothing with the next answer after that, so that a worker does not grow for ever."""


@dataclass(frozen=True, slots=True)
class _Digits:
    """The rest of a number: for each count of further digits, the least and greatest that they may spell; fewest first."""

    spans: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Inside:
    """The rest of a string, of `owed` to `left` further characters, and its closing quotation mark."""

    owed: int
    left: int


@dataclass(frozen=True, slots=True)
class _Places:
    """One byte out of each place's: the rest of a character."""

    places: tuple[Ranges, ...]


_Atom = Form | bytes | _Digits | _Inside | _Places
_Rest = tuple[_Atom, "_Rest"] | None
"""What must follow, first things first; None where nothing must."""
_Arc = tuple[int, int, _Rest]
"""First and last byte, and what follows one of them."""

_ONWARD: Ranges = ((0x80, 0xBF),)
_HEX: Ranges = ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66))
_HEX_BUT_D: Ranges = ((0x30, 0x39), (0x41, 0x43), (0x45, 0x46), (0x61, 0x63), (0x65, 0x66))
_ESCAPE: Ranges = ((0x5C, 0x5C),)
_CHARACTERS: tuple[tuple[Ranges, ...], ...] = (
    (((0x20, 0x21), (0x23, 0x5B), (0x5D, 0x7E)),),
    (((0xC2, 0xC2),), ((0xA0, 0xBF),)),  # below are the C1 controls
    (((0xC3, 0xDF),), _ONWARD),
    (((0xE0, 0xE0),), ((0xA0, 0xBF),), _ONWARD),
    (((0xE1, 0xEC), (0xEE, 0xEF)), _ONWARD, _ONWARD),
    (((0xED, 0xED),), ((0x80, 0x9F),), _ONWARD),  # above are the surrogates
    (((0xF0, 0xF0),), ((0x90, 0xBF),), _ONWARD, _ONWARD),
    (((0xF1, 0xF3),), _ONWARD, _ONWARD, _ONWARD),
    (((0xF4, 0xF4),), ((0x80, 0x8F),), _ONWARD, _ONWARD),
    (_ESCAPE, tuple((byte, byte) for byte in b'"/\\bfnrt')),
    (_ESCAPE, ((0x75, 0x75),), _HEX_BUT_D, _HEX, _HEX, _HEX),
    (_ESCAPE, ((0x75, 0x75),), ((0x44, 0x44), (0x64, 0x64)), ((0x30, 0x37),), _HEX, _HEX),
)
"""The characters of a JSON string, as the bytes of UTF-8 (RFC 3629, section 4) and of escapes."""


class State:
    """A place in an automaton; never changes, and is shared by all answers that get there."""

    __slots__ = ("__weakref__", "_arcs", "_automaton", "_forced", "_next", "complete")

    def __init__(self, automaton: Automaton, rests: Iterable[_Rest]) -> None:
        self._automaton = automaton
        self._arcs, self.complete = _opened(rests)
        self._next: dict[int, State | None] = {}
        self._forced: tuple[bytes, State] | None = None

    @property
    def finished(self) -> bool:
        """The answer may end here, and nothing may follow."""
        return self.complete and not self._arcs

    def allowed_bytes(self) -> list[int]:
        """Which may come next, in order."""
        return sorted({byte for low, high, _ in self._arcs for byte in range(low, high + 1)})

    def after(self, text: bytes) -> State | None:
        """Where the text leads; None where the form does not allow it."""
        state: State | None = self
        for byte in text:
            if state is None:
                break
            state = state._next[byte] if byte in state._next else state._step(byte)
        return state

    def _step(self, byte: int) -> State | None:
        rests = frozenset(rest for low, high, rest in self._arcs if low <= byte <= high)
        self._next[byte] = state = self._automaton.state(rests) if rests else None
        return state

    def forced(self) -> tuple[bytes, State]:
        """The longest text that every way on begins with (it ends where the answer may), and the state behind it.

        How much of it can be put into the cache unseen is another question: see `Vocabulary.forced`.
        """
        if self._forced is None:
            text, state = bytearray(), self
            while (byte := state._only_byte()) is not None:
                text.append(byte)
                following = state.after(bytes((byte,)))
                assert following is not None
                state = following
            self._forced = bytes(text), state
        return self._forced

    def _only_byte(self) -> int | None:
        if self.complete or not self._arcs:
            return None
        byte = self._arcs[0][0]
        return byte if all(low == high == byte for low, high, _ in self._arcs) else None


class Automaton:
    """All states of one form that answers have reached so far."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._states: dict[frozenset[_Rest], State] = {}

    def start(self) -> State:
        """Where an answer begins."""
        if len(self._states) > MOST_STATES:
            self._states.clear()
        return self.state(frozenset([(self._form, None)]))

    def state(self, rests: frozenset[_Rest]) -> State:
        """The one state from which exactly these rests may follow."""
        found = self._states.get(rests)
        if found is None:
            found = self._states[rests] = State(self, rests)
        return found


@lru_cache(maxsize=8)
def automaton(form: Form) -> Automaton:
    """The form's automaton; kept, for the same few forms are asked for over and over."""
    return Automaton(form)


def _opened(rests: Iterable[_Rest]) -> tuple[tuple[_Arc, ...], bool]:
    """The first bytes of the rests with what follows each, and whether one of the rests asks for nothing more."""
    arcs: list[_Arc] = []
    todo, seen = list(rests), set(rests)
    while todo:
        rest = todo.pop()
        if rest is not None:
            first, then = rest
            for alternative in _alternatives(first, then):
                if alternative not in seen:
                    seen.add(alternative)
                    todo.append(alternative)
            arcs += _arcs(first, then)
    return tuple(arcs), None in seen


def _alternatives(atom: _Atom, then: _Rest) -> Iterator[_Rest]:
    """The rests that one with this beginning stands for, before any byte is read."""
    match atom:
        case Literal(text):
            yield _before(text.encode(), then)
        case Integer(low, high):
            yield _Digits(tuple(_by_length(low, high))), then
        case Series(parts):
            for part in reversed(parts):
                then = (part, then)
            yield then
        case Choice(options):
            yield from ((option, then) for option in options)
        case Repeat():
            if atom.least == 0:
                yield then
            if atom.most > 0:
                item = Series((Literal(atom.separator), atom.item)) if atom.separator else atom.item
                more = Repeat(item, atom.most - 1, max(atom.least - 1, 0))
                yield atom.item, ((more, then) if more.most else then)
        case _Digits(((0, _, _), *_)):
            yield then


def _arcs(atom: _Atom, then: _Rest) -> Iterator[_Arc]:
    """The bytes with which this beginning can be entered."""
    match atom:
        case bytes():
            yield atom[0], atom[0], _before(atom[1:], then)
        case _Digits(spans):
            yield from ((0x30 + digit, 0x30 + digit, (_Digits(rest), then)) for digit, rest in _after_digit(spans))
        case Quoted(longest, shortest):
            yield 0x22, 0x22, (_Inside(shortest, longest), then)
        case _Inside(owed, left):
            if not owed:
                yield 0x22, 0x22, then
            inside: _Rest = (_Inside(max(owed - 1, 0), left - 1), then)
            for first, *places in _CHARACTERS if left else ():
                rest: _Rest = (_Places(tuple(places)), inside) if places else inside
                yield from ((low, high, rest) for low, high in first)
        case _Places((first, *places)):
            rest = (_Places(tuple(places)), then) if places else then
            yield from ((low, high, rest) for low, high in first)


def _before(text: bytes, then: _Rest) -> _Rest:
    return (text, then) if text else then


def _by_length(low: int, high: int) -> Iterator[tuple[int, int, int]]:
    """The numbers of the range by their count of digits: so none begins with a zero but 0."""
    for digits in range(len(str(low)), len(str(high)) + 1):
        yield digits, max(low, 10 ** (digits - 1) if digits > 1 else 0), min(high, 10**digits - 1)


@lru_cache(maxsize=256)
def _after_digit(spans: tuple[tuple[int, int, int], ...]) -> tuple[tuple[int, tuple[tuple[int, int, int], ...]], ...]:
    """Each digit that may come next, and what is left of the spans behind it."""
    following = []
    for digit in range(10):
        rest = []
        for digits, low, high in spans:
            if digits:
                unit = 10 ** (digits - 1)
                below, above = max(low - digit * unit, 0), min(high - digit * unit, unit - 1)
                if below <= above:
                    rest.append((digits - 1, below, above))
        if rest:
            following.append((digit, tuple(rest)))
    return tuple(following)
