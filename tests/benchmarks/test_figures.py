"""The arithmetic of repetitions. No timing is tested here: a timing is a benchmark."""

from __future__ import annotations

import pytest

from scripts.benchmarks.figures import Figure, number, percentile, ratios


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert percentile(values, 50) == 50
    assert percentile(values, 95) == 95
    assert percentile(values, 99) == 99
    assert percentile([7.0, 3.0, 5.0], 95) == 7
    assert percentile([7.0], 1) == 7


def test_a_figure_has_a_middle_and_a_spread_around_it() -> None:
    figure = Figure.of([12.0, 8.0, 10.0])
    assert (figure.least, figure.median, figure.most, figure.count) == (8, 10, 12, 3)
    assert figure.spread == pytest.approx(0.4)


def test_no_values_make_no_figure() -> None:
    with pytest.raises(ValueError):
        Figure.of([])
    with pytest.raises(ValueError):
        percentile([], 50)


def test_ratios_are_taken_turn_by_turn() -> None:
    """The machine was twice as slow in the second turn, for both: the ratio does not see it."""
    assert ratios([1.0, 2.0], [10.0, 20.0]) == [0.1, 0.1]


def test_a_side_that_gave_up_is_compared_as_far_as_it_came() -> None:
    assert ratios([1.0, 1.0, 1.0], [2.0]) == [0.5]
    assert ratios([1.0], []) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0312, "0.0312"), (1.7449, "1.74"), (28.13, "28.1"), (412.4, "412"), (12_041.6, "12,042"), (0.0, "0"), (1.0, "1.00")],
)
def test_numbers_show_the_digits_that_count(value: float, shown: str) -> None:
    assert number(value) == shown
