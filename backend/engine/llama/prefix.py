"""What the KV cache holds, what a prompt wants it to hold, and what lies between the two. Knows no llama.cpp.

The cache is trusted only at the seams at which it was filled: what is reused and what is evaluated anew are then cut
exactly as in a run from an empty cache, so the same numbers come out, whichever kernel a backend picks for a batch
size. A reused answer is the one exception: it was made token by token, and may be entered at any of its tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise

SLICE = 512
"""Most tokens that are decoded in one call: how soon a cancel is noticed and progress shown where kernels run to their end."""


@dataclass(frozen=True, slots=True)
class ImageUnit:
    """A picture in the cache. It costs `n_tokens` cells but moves the text behind it by only `n_pos` positions (M-RoPE)."""

    key: str
    """Names the pixels: equal keys, equal embeddings."""
    n_tokens: int
    n_pos: int


Unit = int | ImageUnit
"""A text token's id (one cell, one position), or a whole picture."""


def cells(units: Iterable[Unit]) -> int:
    """KV cells that the units occupy: what the context is budgeted in."""
    return sum(1 if isinstance(unit, int) else unit.n_tokens for unit in units)


def positions(units: Iterable[Unit]) -> int:
    """Positions that the units advance the text by: what tokens are numbered in, never more than `cells`."""
    return sum(1 if isinstance(unit, int) else unit.n_pos for unit in units)


def common_prefix(one: Sequence[Unit], other: Sequence[Unit]) -> int:
    """How many leading units are the same."""
    for index, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return index
    return min(len(one), len(other))


@dataclass(frozen=True, slots=True)
class Prompt:
    """The units that must be in the cache before the first token is sampled."""

    units: tuple[Unit, ...]
    seams: frozenset[int]
    """Indices of units at which a slice starts; 0 is one of them."""
    answers: tuple[range, ...] = ()
    """Earlier answers, as indices of units, whose ids are those once sampled."""

    @property
    def pictures(self) -> tuple[ImageUnit, ...]:
        """Its pictures, in order."""
        return tuple(unit for unit in self.units if isinstance(unit, ImageUnit))

    def up_to_pictures(self) -> Prompt:
        """The part that ends with the last picture: what can be read before anything is asked."""
        end = max((index + 1 for index, unit in enumerate(self.units) if isinstance(unit, ImageUnit)), default=0)
        return Prompt(self.units[:end], frozenset(seam for seam in self.seams if seam < end or seam == 0))

    def may_enter(self, index: int) -> bool:
        """Whether evaluation may start at this unit."""
        return index in self.seams or any(index in answer for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to get from the cache to the prompt."""

    keep: int
    """Leading units that stay; everything behind them is removed first."""
    slices: tuple[tuple[Unit, ...], ...]
    """What to evaluate, one decode call (or one picture) each."""


def plan(cached: Cached, wanted: Prompt, *, answer: bool = True) -> Plan:
    """Keep as much as is safe; where an `answer` follows, evaluate the last slice in any case: it starts from its logits."""
    whole = len(wanted.units)
    limit = min(common_prefix(cached.units, wanted.units), whole - 1 if answer else whole)
    if limit == whole and whole in cached.seams:
        return Plan(whole, ())
    keep = next(index for index in range(limit, -1, -1) if index in cached.seams and wanted.may_enter(index))
    starts = [keep, *sorted(seam for seam in wanted.seams if seam > keep), whole]
    return Plan(keep, tuple(wanted.units[start:end] for start, end in pairwise(starts)))


_stamps = count()


@dataclass(slots=True)
class Cached:
    """What has been decoded into one sequence of the KV cache, in order."""

    units: list[Unit] = field(default_factory=list)
    seams: set[int] = field(default_factory=lambda: {0})
    """Indices at which a decode call started, and the end."""
    stamps: list[int] = field(default_factory=list)
    """For each unit, which decoding of it these cells are from: sequences that share cells share stamps."""
    n_cells: int = 0
    n_positions: int = 0

    @classmethod
    def restored(cls, units: Sequence[Unit], seams: Iterable[int]) -> Cached:
        """What lies in a sequence whose state was read back: the same units, in cells of their own."""
        cached = cls()
        cached.extend(units)
        cached.seams = set(seams)
        return cached

    def extend(self, units: Iterable[Unit]) -> None:
        """Note one decode call that succeeded."""
        for unit in units:
            self.units.append(unit)
            self.stamps.append(next(_stamps))
            self.n_cells += 1 if isinstance(unit, int) else unit.n_tokens
            self.n_positions += 1 if isinstance(unit, int) else unit.n_pos
        self.seams.add(len(self.units))

    def truncate(self, keep: int) -> None:
        """Note that everything behind the first `keep` units was removed; `keep` is a seam."""
        self.n_cells -= cells(self.units[keep:])
        self.n_positions -= positions(self.units[keep:])
        del self.units[keep:], self.stamps[keep:]
        self.seams = {seam for seam in self.seams if seam <= keep}

    def branch(self, keep: int) -> Cached:
        """What another sequence holds that was given the cells of the first `keep` units; `keep` is a seam."""
        units = self.units[:keep]
        seams = {seam for seam in self.seams if seam <= keep}
        return Cached(units, seams, self.stamps[:keep], cells(units), positions(units))


def occupied(sequences: Iterable[Cached]) -> int:
    """KV cells that the sequences take together; shared ones count once."""
    taken: dict[int, int] = {}
    for cached in sequences:
        for unit, stamp in zip(cached.units, cached.stamps, strict=True):
            taken[stamp] = 1 if isinstance(unit, int) else unit.n_tokens
    return sum(taken.values())


class PromptBuilder:
    """Strings units together and decides where slices start: at pictures, where asked, and after every `SLICE` tokens."""

    def __init__(self, limit: int = SLICE) -> None:
        self._limit = limit
        self._units: list[Unit] = []
        self._seams = {0}
        self._run = 0
        self._answers: list[range] = []

    def seam(self) -> None:
        """Start a slice here, so that what precedes can be reused without what follows."""
        self._seams.add(len(self._units))
        self._run = 0

    def text(self, ids: Iterable[int]) -> None:
        for token in ids:
            if self._run == self._limit:
                self.seam()
            self._units.append(token)
            self._run += 1

    def image(self, image: ImageUnit) -> None:
        self.seam()
        self._units.append(image)
        self.seam()

    def answer(self, ids: Sequence[int]) -> None:
        """Text that was sampled with exactly these ids."""
        self.seam()
        start = len(self._units)
        self.text(ids)
        self._answers.append(range(start, len(self._units)))
        self.seam()

    def build(self) -> Prompt:
        """The prompt; a seam behind the last unit would ask for an empty slice and is left out."""
        seams = frozenset(seam for seam in self._seams if seam < len(self._units) or seam == 0)
        return Prompt(tuple(self._units), seams, tuple(self._answers))
