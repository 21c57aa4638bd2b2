"""What a question is about, as it was named: pictures and films, in their order."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.cli.sources import Sources
from backend.errors import UnreadableFilm, UsageError
from backend.media.film.choice import Wanted
from backend.synthetic.scenes import draw_scene
from tests.ask.asking import CARD
from tests.media.film.making import make


@pytest.fixture
def named(tmp_path: Path) -> list[str]:
    draw_scene(1, (64, 48)).render().save(tmp_path / "a.png")
    make(tmp_path / "b.mp4")
    return [str(tmp_path / "a.png"), str(tmp_path / "b.mp4")]


def test_frames_take_the_place_of_their_film(named: list[str]) -> None:
    with Sources([named[1], named[0]]) as sources:
        pictures = sources.pictures(Wanted(count=2), CARD, None)
    assert [picture.name for picture in pictures] == [f"{named[1]}@00:00.00", f"{named[1]}@00:02.90", named[0]]


def test_frames_of_no_film_cannot_be_meant(named: list[str]) -> None:
    with Sources(named[:1]) as sources:
        assert len(sources.pictures(Wanted(), CARD, None)) == 1
        with pytest.raises(UsageError, match="no film was named"):
            sources.pictures(Wanted(start=2.0), CARD, None)


def test_the_first_that_cannot_be_read_is_said_at_once(named: list[str], tmp_path: Path) -> None:
    (tmp_path / "c.mkv").touch()
    with pytest.raises(UnreadableFilm, match=r"c\.mkv"):
        Sources([*named, str(tmp_path / "c.mkv"), str(tmp_path / "gone.mp4")])
