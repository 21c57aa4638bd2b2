"""Which frames are looked at: times by count, rate and scene, within what a model can be shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import UsageError
from backend.media.film import FilmInfo, open_film
from backend.media.film.choice import Wanted, choose
from backend.media.film.sampling import MOST_FRAMES, Budget, at_rate, span, thinned, uniform, usual
from backend.media.film.scenes import cuts, scenes, standing_out
from backend.synthetic.filming import write_film
from backend.synthetic.material.films import cut_together
from tests.media.film.making import make

INFO = FilmInfo("a.mp4", 64, 48, duration=10.0, fps=10.0, frames=100, frames_known=True, codec="mpeg4", container="mov")


def test_times_by_count_and_by_rate() -> None:
    assert uniform((0.0, 9.0), 4) == (0.0, 3.0, 6.0, 9.0)
    assert uniform((2.0, 4.0), 1) == (3.0,)
    assert at_rate((1.0, 2.0), 2.0) == (1.0, 1.5, 2.0)
    assert at_rate((0.0, 0.3), 10.0) == pytest.approx((0.0, 0.1, 0.2, 0.3))
    assert usual((0.0, 2.0)) == (0.0, 0.5, 1.0, 1.5, 2.0)
    assert usual((0.0, 0.6)) == pytest.approx((0.0, 0.2, 0.4, 0.6))


def test_a_part_ends_where_the_film_does() -> None:
    assert span(INFO) == pytest.approx((0.0, 9.9))
    assert span(INFO, 3.0, 50.0) == pytest.approx((3.0, 9.9))
    assert span(INFO, 9.95) == (9.95, 9.95)
    with pytest.raises(UsageError, match=r"ends at 00:10\.00"):
        span(INFO, 11.0)
    with pytest.raises(UsageError, match="lies before"):
        span(INFO, 5.0, 4.0)


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), float("inf")])
def test_a_rate_must_be_a_number_above_zero(fps: float) -> None:
    with pytest.raises(UsageError, match="above 0"):
        at_rate((0.0, 1.0), fps)


def test_nobody_looks_at_a_million_frames() -> None:
    with pytest.raises(UsageError, match="more than anybody looks at"):
        at_rate((0.0, 7200.0), 1000.0)
    with pytest.raises(UsageError, match="more than anybody looks at"):
        uniform((0.0, 1.0), MOST_FRAMES + 1)


@given(
    st.integers(1, 5000), st.integers(1, 4000), st.integers(1, 800), st.integers(0, 800), st.floats(0, 10), st.floats(0, 1000)
)
def test_frames_always_fit_their_budget(wanted: int, tokens: int, least: int, more: int, start: float, length: float) -> None:
    budget = Budget(tokens, least, least + more)
    count, each = budget.fitted(wanted)
    assert 1 <= count <= wanted
    assert count * each <= tokens
    assert each <= budget.most
    assert each >= least or count == 1
    if count < wanted:  # one more would not have fitted
        assert (count + 1) * least > tokens
    times = uniform((start, start + length), wanted)
    kept = thinned(times, count)
    assert len(kept) == count
    assert set(kept) <= set(times)
    assert list(kept) == sorted(kept)
    if count > 1:
        assert (kept[0], kept[-1]) == (times[0], times[-1])


def test_a_cut_stands_out_and_a_fast_pan_does_not() -> None:
    times = [n / 10 for n in range(1, 11)]
    assert standing_out(times, [2, 2, 60, 2, 2, 2, 2, 2, 2, 2]) == [0.3]
    assert standing_out(times, [40, 45, 50, 45, 40, 45, 50, 45, 40, 45]) == []
    assert standing_out(times, [2, 2, 10, 2, 2, 2, 2, 2, 2, 2]) == []
    assert standing_out(times, [2, 90, 2, 90, 2, 2, 2, 2, 2, 2]) == []  # what flickers is no new scene


def test_cuts_are_found_where_scenes_were_cut_together(tmp_path: Path) -> None:
    frames = cut_together((61, 62, 63), (160, 120), 1.0)
    write_film(tmp_path / "a.mp4", ((frame.time, frame.picture) for frame in frames), fps=10)
    with open_film(tmp_path / "a.mp4") as film:
        assert cuts(film) == pytest.approx((1.0, 2.0))
        assert [scene.middle for scene in scenes(film, (0.5, 1.8))] == pytest.approx([0.75, 1.4])
        chosen = choose(film, Wanted(scenes=True))
        assert chosen.times == pytest.approx((0.5, 1.5, 2.45))


def test_what_is_wanted_becomes_times_within_the_budget(tmp_path: Path) -> None:
    with open_film(make(tmp_path / "a.mp4")) as film:
        assert choose(film, Wanted()).times == pytest.approx((0.0, 0.5, 1.0, 1.5, 2.0, 2.5))
        assert choose(film, Wanted(count=2, start=1.0, end=2.0)).times == (1.0, 2.0)
        roomy = choose(film, Wanted(fps=1.0), Budget(1000, 36, 400))
        assert (len(roomy.times), roomy.tokens, roomy.notes) == (3, 333, ())
        tight = choose(film, Wanted(fps=10.0), Budget(200, 36, 42))
        assert (len(tight.times), tight.tokens) == (5, 40)
        assert "of 30 frames 5 fit" in tight.notes[0]


def test_two_ways_of_choosing_exclude_each_other() -> None:
    with pytest.raises(UsageError, match="exclude each other"):
        Wanted(count=3, scenes=True)
