"""Films as pictures of a question: how many frames and how large, and what stands before each in the prompt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backend.ask.book import book
from backend.ask.films import budget_of, frames_for
from backend.ask.showing import Showing
from backend.catalog.card import ModelCard, Server, TokenBudget
from backend.errors import UsageError
from backend.media.film import open_film
from backend.media.film.choice import Wanted
from backend.media.fit import plan, raster
from backend.scene import Picture
from tests.ask.asking import CARD
from tests.media.film.making import make

REAL = replace(CARD, image_tokens=TokenBudget(256, 2048, 1024), context=8192, max_tokens=1024)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return make(tmp_path / "a.mp4", size=(320, 240))


def shown(pictures: list[Picture], card: ModelCard = REAL) -> tuple[list[str], int]:
    """The words before the pictures, and the tokens of all."""
    showing = Showing(card)
    showing.expect(pictures, book().task("free"))
    views = showing.views(pictures, card.max_tokens)
    words = [part for part in showing.opening(views) if isinstance(part, str)]
    return words, sum(view.raster_width * view.raster_height // 1024 for view in views)


def test_frames_stand_behind_their_times_as_qwen_was_taught(film: Path) -> None:
    with open_film(film) as opened:
        pictures = frames_for(opened, Wanted(count=4), REAL)
    words, tokens = shown(pictures)
    assert words == ["<0.0 seconds>", "<0.9 seconds>", "<1.9 seconds>", "<2.9 seconds>"]
    assert tokens <= (REAL.context - REAL.max_tokens) * 3 // 4


def test_beside_other_pictures_they_are_numbered_as_well(film: Path) -> None:
    still = Picture("p", 32, 32, bytes(32 * 32 * 3), "s")
    with open_film(film) as opened:
        pictures = [still, *frames_for(opened, Wanted(count=2), REAL, beside=1)]
    assert shown(pictures)[0] == ["Picture 1: ", "Picture 2: <0.0 seconds>", "Picture 3: <2.9 seconds>"]


def test_more_frames_than_fit_are_thinned_and_that_is_said(film: Path) -> None:
    tight = replace(REAL, context=2048)
    budget = budget_of(REAL)
    assert (budget.tokens, budget.least, budget.most) == (5376, 128, 768)
    with open_film(film) as opened:
        pictures = frames_for(opened, Wanted(fps=30), tight)
    words, tokens = shown(pictures, tight)
    assert len(words) == len(pictures) == 6
    assert tokens <= 768
    assert "of 88 frames 6 fit" in pictures[0].notes[-1]
    assert [picture.time for picture in pictures[::5]] == pytest.approx([0.0, 2.9])


def test_a_model_that_was_taught_pairs_is_shown_pairs(film: Path) -> None:
    pairs = replace(REAL, frame_pairs=True)
    with open_film(film) as opened:
        pictures = frames_for(opened, Wanted(count=5), pairs)
        alone = frames_for(opened, Wanted(count=5), REAL)
    assert [(picture.time, picture.later and picture.later.time) for picture in pictures] == [
        (alone[0].time, alone[1].time),
        (alone[2].time, alone[3].time),
        (alone[4].time, None),
    ]
    assert shown(pictures, pairs)[0] == ["<0.3 seconds>", "<1.8 seconds>", "<2.9 seconds>"]
    view = plan(pictures[0], None, 70)
    both = raster(view)
    assert both.rgb == raster(replace(view, picture=alone[0])).rgb
    assert both.later == raster(replace(view, picture=alone[1])).rgb
    assert budget_of(pairs).tokens == 2 * budget_of(REAL).tokens


def test_a_server_is_shown_single_frames(film: Path) -> None:
    with open_film(film) as opened:
        pictures = frames_for(opened, Wanted(count=2), replace(REAL, frame_pairs=True, server=Server("http://h/v1")))
    assert [picture.later for picture in pictures] == [None, None]


def test_a_part_that_the_film_does_not_have_is_refused(film: Path) -> None:
    with open_film(film) as opened, pytest.raises(UsageError, match="ends at"):
        frames_for(opened, Wanted(start=5.0), REAL)


def test_many_frames_are_held_small(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.ask.films._HELD_PIXELS", 10 * 64 * 48)
    with open_film(film) as opened:
        pictures = frames_for(opened, Wanted(count=10), REAL)
    assert {picture.stored_size for picture in pictures} == {(64, 48)}
    assert {(picture.width, picture.height) for picture in pictures} == {(320, 240)}
