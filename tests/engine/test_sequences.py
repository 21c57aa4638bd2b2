"""The bookkeeping of the sequences, against a cache that remembers which cells each sequence has."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.engine.llama.parked import ParkedPrefixes
from backend.engine.llama.prefix import Cached, ImageUnit, Prompt, PromptBuilder, Unit, cells, occupied
from backend.engine.llama.sequences import Sequences

COUNT = 3
ROOM = 200


class FakeCache:
    """Cells as (position, unit) per sequence; a saved state is a number behind which they are remembered."""

    def __init__(self) -> None:
        self.cells = ROOM
        self.held: dict[int, list[tuple[int, Unit]]] = defaultdict(list)
        self.states: list[list[tuple[int, Unit]]] = []

    def remove_from(self, position: int, sequence: int = 0) -> None:
        self.held[sequence] = [cell for cell in self.held[sequence] if cell[0] < position]

    def share(self, source: int, target: int, position: int) -> None:
        assert not self.held[target], "only into an empty sequence"
        self.held[target] = [cell for cell in self.held[source] if cell[0] < position]

    def saved(self, sequence: int) -> memoryview:
        self.states.append(list(self.held[sequence]))
        return memoryview(bytes([len(self.states) - 1] * 10))

    def restore(self, sequence: int, state: memoryview) -> bool:
        assert not self.held[sequence], "only into an empty sequence"
        self.held[sequence] = list(self.states[state[0]])
        return True

    def decoded(self, sequence: int, cached: Cached, units: tuple[Unit, ...]) -> None:
        for unit in units:
            self.held[sequence].append((cached.n_positions, unit))
            cached.extend([unit])


def prompt(picture: str, *question: int) -> Prompt:
    builder = PromptBuilder()
    builder.text([1, 2])
    builder.image(ImageUnit(picture, 16, 4))
    builder.text([3, *question])
    return builder.build()


@dataclass
class Bench:
    cache: FakeCache
    sequences: Sequences

    @classmethod
    def make(cls, limit: int = 1000) -> Bench:
        cache = FakeCache()
        return cls(cache, Sequences(cache, ParkedPrefixes(limit), COUNT))

    def begin(self, wanted: Prompt, *, passing: bool = False) -> tuple[int, int]:
        """Open, read everything, and say in which sequence, and how many cells needed no reading."""
        source = self.sequences.find(wanted, answer=True)
        number, cached, todo = self.sequences.open(wanted, source, answer=True, passing=passing)
        assert [unit for _, unit in self.cache.held[number]] == cached.units == list(wanted.units[: todo.keep])
        kept = cached.n_cells
        for units in todo.slices:
            assert self.sequences.make_room(cells(units))
            self.cache.decoded(number, cached, units)
        assert tuple(cached.units) == wanted.units
        return number, kept


def test_back_from_another_picture_everything_is_still_there() -> None:
    bench = Bench.make()
    for picture in "abc":
        number, kept = bench.begin(prompt(picture, 7))
        assert kept <= 2, "no more than the words before the picture"
        bench.sequences.close(number)
    number, kept = bench.begin(prompt("a", 7))
    assert kept == 18, "the last slice is always read again"
    assert number == 0
    assert not any(bench.cache.held[other] for other in (1, 2)), "a lone conversation has the cache to itself"


def test_a_cameras_frames_are_not_parked_and_what_they_interrupt_is() -> None:
    bench = Bench.make()
    for picture, passing in (("a", False), ("f1", True), ("f2", True), ("f3", True)):
        number, _ = bench.begin(prompt(picture, 7), passing=passing)
        bench.sequences.close(number)
    assert len(bench.cache.states) == 1, "the picture that was asked about before, and no frame"
    number, kept = bench.begin(prompt("f3", 8), passing=True)
    assert kept == 18, "as long as nothing takes its place a frame rests, and a second question about it is cheap"
    bench.sequences.close(number)
    assert bench.begin(prompt("a", 7))[1] == 18
    assert len(bench.cache.states) == 1


def test_at_the_same_time_a_common_picture_takes_its_cells_once() -> None:
    bench = Bench.make()
    first, _ = bench.begin(prompt("a", 7))
    second, kept = bench.begin(prompt("a", 8, 9))
    assert first != second
    assert kept == 18
    held = bench.sequences.free_cells(bench.sequences.find(prompt("z"), answer=True))
    assert held == ROOM - 18 - 2 - 3


def test_with_every_sequence_at_work_it_is_full_and_afterwards_not() -> None:
    bench = Bench.make()
    numbers = [bench.begin(prompt("a", question))[0] for question in range(COUNT)]
    assert bench.sequences.full
    bench.sequences.close(numbers[1])
    assert not bench.sequences.full
    assert bench.begin(prompt("b", 5))[0] == numbers[1]


def test_a_picture_that_is_cut_off_is_parked_first() -> None:
    bench = Bench.make()
    builder = PromptBuilder()
    builder.text([1, 2])
    builder.image(ImageUnit("a", 16, 4))
    builder.image(ImageUnit("b", 16, 4))
    builder.text([3])
    both = builder.build()
    number, _ = bench.begin(both)
    bench.sequences.close(number)
    number, kept = bench.begin(prompt("a", 7))
    assert kept == 18
    bench.sequences.close(number)
    assert bench.begin(both)[1] == 34


def test_without_room_in_ram_nothing_is_parked_and_nothing_breaks() -> None:
    bench = Bench.make(limit=5)
    for picture in "aba":
        number, kept = bench.begin(prompt(picture, 7))
        assert kept <= 2
        bench.sequences.close(number)


def test_a_state_that_cannot_be_restored_is_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench.make()
    for picture in "ab":
        bench.sequences.close(bench.begin(prompt(picture, 7))[0])
    monkeypatch.setattr(bench.cache, "restore", lambda _sequence, _state: False)
    assert bench.begin(prompt("a", 7))[1] == 0


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.lists(st.integers(4, 6), max_size=4), st.booleans()), max_size=25))
def test_whatever_is_asked_and_in_which_order_each_sequence_holds_what_is_noted(
    asked: list[tuple[str, list[int], bool]],
) -> None:
    bench = Bench.make(limit=60)
    working: list[int] = []
    for picture, question, ends in asked:
        if bench.sequences.full:
            bench.sequences.close(working.pop(0))
        number, _ = bench.begin(prompt(picture, *question))  # asserts that what is reused is the prompt's own beginning
        working.append(number)
        if ends:
            bench.sequences.close(working.pop(0))
        assert len(set(working)) == len(working)


def test_parked_prefixes_stay_within_their_bytes_and_lose_the_least_recently_used() -> None:
    parked = ParkedPrefixes(limit=100)
    for picture in "abc":
        parked.put(Cached.restored(prompt(picture, 7).units, {0, 2, 3, 5}), memoryview(bytes(40)))
    assert parked.nbytes == 80
    assert parked.best(prompt("a", 7), answer=True) is None
    assert parked.holds(prompt("b", 7).units)
    parked.put(Cached.restored(prompt("d", 7).units, {0, 5}), memoryview(bytes(40)))
    assert not parked.holds(prompt("c", 7).units)
    assert parked.holds(prompt("b", 7).units)


def test_a_longer_conversation_takes_the_place_of_its_beginning() -> None:
    parked = ParkedPrefixes(limit=100)
    short, long = prompt("a", 7).units, prompt("a", 7, 8, 9).units
    parked.put(Cached.restored(short, {0, len(short)}), memoryview(bytes(40)))
    parked.put(Cached.restored(long, {0, len(short), len(long)}), memoryview(bytes(50)))
    assert parked.nbytes == 50
    assert parked.holds(short)


def test_shared_cells_count_once() -> None:
    whole = Cached()
    whole.extend(prompt("a", 7).units)
    whole.seams.add(3)
    branch = whole.branch(3)
    assert branch.n_cells == 18
    assert occupied([whole, branch]) == whole.n_cells
    branch.extend([5, 6])
    assert occupied([whole, branch]) == whole.n_cells + 2
