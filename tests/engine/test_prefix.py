"""The bookkeeping of the KV cache, against a cache that remembers how every cell was computed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.engine.llama.prefix import (
    Cached,
    ImageUnit,
    Prompt,
    PromptBuilder,
    Unit,
    cells,
    common_prefix,
    plan,
    positions,
)

LIMIT = 4
tokens = st.integers(0, 3)
images = st.builds(lambda key, n: ImageUnit(key, 4 * n, n), st.sampled_from("ab"), st.integers(1, 3))
units = st.lists(tokens | images, max_size=12)


@st.composite
def prompts(draw: st.DrawFn) -> Prompt:
    builder = PromptBuilder(LIMIT)
    for _ in range(draw(st.integers(1, 4))):
        builder.seam()
        builder.text(draw(st.lists(tokens, min_size=1, max_size=6)))
        if draw(st.booleans()):
            builder.image(draw(images))
        if draw(st.booleans()):
            builder.answer(draw(st.lists(tokens, max_size=4)))
    builder.text([draw(tokens)])
    return builder.build()


@given(units, units)
def test_the_common_prefix_is_common_and_longest(one: list[Unit], other: list[Unit]) -> None:
    length = common_prefix(one, other)
    assert one[:length] == other[:length]
    assert length in (len(one), len(other)) or one[length] != other[length]


@given(units)
def test_a_picture_costs_more_cells_than_positions(held: list[Unit]) -> None:
    assert cells(held) - positions(held) == sum(unit.n_tokens - unit.n_pos for unit in held if isinstance(unit, ImageUnit))


@given(st.lists(prompts(), min_size=1, max_size=5))
def test_every_prompt_is_evaluated_as_from_an_empty_cache(asked: list[Prompt]) -> None:
    """Whatever was asked before: the decode calls whose results are in the cache are those of a fresh run."""
    cached = Cached()
    calls: list[tuple[Unit, ...]] = []
    for prompt in asked:
        without_answers = Prompt(prompt.units, prompt.seams)
        todo = plan(cached, without_answers)
        cached.truncate(todo.keep)
        while cells(unit for call in calls for unit in call) > cells(cached.units):
            calls.pop()
        for piece in todo.slices:
            cached.extend(piece)
            calls.append(piece)
        assert tuple(cached.units) == prompt.units
        assert tuple(calls) == plan(Cached(), without_answers).slices


@given(prompts())
def test_slices_are_whole_pictures_or_few_tokens(prompt: Prompt) -> None:
    for piece in plan(Cached(), prompt).slices:
        assert len(piece) == 1 or (len(piece) <= LIMIT and all(isinstance(unit, int) for unit in piece))


@given(prompts())
def test_something_is_always_left_to_evaluate(prompt: Prompt) -> None:
    cached = Cached()
    cached.extend(prompt.units)
    todo = plan(cached, prompt)
    assert todo.slices
    assert todo.keep + sum(len(piece) for piece in todo.slices) == len(prompt.units)


def test_an_answer_may_be_entered_at_the_token_where_its_making_stopped() -> None:
    first = PromptBuilder()
    first.text([1, 2, 3])
    cached = Cached()
    cached.extend(first.build().units)
    for sampled in (7, 8):
        cached.extend([sampled])
    second = PromptBuilder()
    second.text([1, 2, 3])
    second.answer([7, 8, 9])
    second.text([4, 5])
    todo = plan(cached, second.build())
    assert todo.keep == 5
    assert todo.slices == ((9,), (4, 5))


def test_another_question_keeps_the_picture_and_all_before_it() -> None:
    def prompt(*question: int) -> Prompt:
        builder = PromptBuilder()
        builder.text([1, 2])
        builder.image(ImageUnit("a", 64, 8))
        builder.text([3, *question])
        return builder.build()

    cached = Cached()
    cached.extend(prompt(10, 11).units[:2])
    cached.extend(prompt(10, 11).units[2:3])
    cached.extend(prompt(10, 11).units[3:])
    todo = plan(cached, prompt(10, 12))
    assert todo.keep == 3, "the picture stays, the question is read as one piece"
    assert cells(cached.units[: todo.keep]) == 66
    assert positions(cached.units[: todo.keep]) == 10
