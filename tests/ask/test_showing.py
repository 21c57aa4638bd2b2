"""How many image tokens a picture is given: by its size and the task, and then by what it was shown at before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask.book import book
from backend.ask.showing import Showing, budget
from backend.ask.task import Task
from backend.catalog.card import TokenBudget
from backend.catalog.registry import load_catalog
from backend.scene import Picture
from tests.ask.asking import CARD

REAL = TokenBudget(256, 2048, 1024)
SMALL, MIDDLE, PHOTO = (320, 240), (1600, 900), (4000, 3000)
BIG = replace(CARD, image_tokens=REAL, context=8192, max_tokens=1024)


def blank(size: tuple[int, int], name: str = "p") -> Picture:
    return Picture(name, *size, b"", name * 64, stored_width=1, stored_height=1)


@pytest.mark.parametrize(
    ("size", "task", "tokens"),
    [
        (SMALL, "boxes", 1024),
        (MIDDLE, "boxes", 50 * 29),
        (PHOTO, "boxes", 2048),
        (PHOTO, "points", 2048),
        (PHOTO, "boxes3d", 2048),
        (PHOTO, "relation", 2048),
        (PHOTO, "describe", 1024),
        (PHOTO, "count", 2048),
        (PHOTO, "occlusion", 2048),
        (PHOTO, "depth", 2048),
        (PHOTO, "nearest", 2048),
        (PHOTO, "farthest", 2048),
        (PHOTO, "space", 2048),
        (SMALL, "free", 1024),
    ],
)
def test_real_weights_get_what_the_task_is_worth(size: tuple[int, int], task: str, tokens: int) -> None:
    assert budget(REAL, blank(size), closely=book().task(task).closely) == tokens


@pytest.mark.parametrize("task", book().tasks, ids=lambda task: task.name)
@pytest.mark.parametrize("size", [SMALL, MIDDLE, PHOTO])
def test_the_demo_model_gets_what_it_was_trained_on(size: tuple[int, int], task: Task) -> None:
    card = load_catalog().card("demo")
    assert budget(card.image_tokens, blank(size), closely=task.closely) == 36
    showing = Showing(card)
    showing.expect([blank(size)], task)
    (view,) = showing.views([blank(size)], card.max_tokens)
    assert 16 <= view.raster_width * view.raster_height // 1024 <= 42


bounds = st.tuples(st.integers(1, 4096), st.integers(1, 4096), st.integers(1, 4096)).map(sorted)


@given(bounds, st.booleans(), st.integers(1, 9000), st.integers(1, 9000))
def test_the_cards_bounds_hold(tokens: list[int], closely: bool, width: int, height: int) -> None:
    least, default, most = tokens
    given_ = budget(TokenBudget(least, most, default), blank((width, height)), closely=closely)
    assert default <= given_ <= most


def shown(showing: Showing, size: tuple[int, int], task: str, name: str = "p") -> int:
    picture = blank(size, name)
    showing.expect([picture], book().task(task))
    (view,) = showing.views([picture], 1024)
    return view.raster_width * view.raster_height // 1024


def test_a_picture_keeps_its_size_until_a_task_needs_more() -> None:
    showing = Showing(BIG)
    described = shown(showing, PHOTO, "describe")
    located = shown(showing, PHOTO, "boxes")
    assert described <= 1024 < located
    assert shown(showing, PHOTO, "describe") == located, "what was read is used again"
    assert shown(showing, PHOTO, "describe", "q") == described, "another picture has nothing to keep"


def test_fewer_tokens_can_be_asked_for_and_never_more() -> None:
    picture, boxes = blank(PHOTO), book().task("boxes")
    tokens = {}
    for most in (None, 100_000, 300, 1):
        showing = Showing(BIG)
        showing.expect([picture], boxes, most)
        (view,) = showing.views([picture], 1024)
        tokens[most] = view.raster_width * view.raster_height // 1024
    assert tokens[None] == tokens[100_000] > 300 >= tokens[300] > 250
    assert tokens[1] == 1


def test_of_a_camera_without_end_only_the_last_sizes_are_remembered() -> None:
    showing = Showing(BIG)
    for number in range(5000):
        showing.expect([replace(blank(PHOTO), sha256=str(number))], book().task("boxes"), 1 + number)
    assert len(showing._shown) < 5000
    with pytest.raises(ValueError, match="1 ≤ min"):
        showing.views([replace(blank(PHOTO), sha256="0")], 1024)
    assert showing.views([replace(blank(PHOTO), sha256="4999")], 1024)


def test_a_picture_read_ahead_serves_every_question() -> None:
    showing = Showing(BIG)
    showing.expect_ahead(blank(PHOTO))
    (ahead,) = showing.views([blank(PHOTO)], 1024)
    assert shown(showing, PHOTO, "describe") == ahead.raster_width * ahead.raster_height // 1024 > 1024


def test_a_look_ahead_that_was_given_up_binds_nobody() -> None:
    showing = Showing(BIG)
    showing.expect_ahead(blank(PHOTO))
    showing.gave_up_ahead(blank(PHOTO))
    assert shown(showing, PHOTO, "describe") <= 1024


def test_a_picture_known_from_a_question_is_read_ahead_as_it_was_shown() -> None:
    showing = Showing(BIG)
    described = shown(showing, PHOTO, "describe")
    showing.expect_ahead(blank(PHOTO))
    assert shown(showing, PHOTO, "describe") == described


def test_several_pictures_share_the_context() -> None:
    showing = Showing(BIG)
    pictures = [blank(PHOTO, str(number)) for number in range(9)]
    showing.expect(pictures, book().task("boxes"))
    views = showing.views(pictures, 1024)
    assert sum(view.raster_width * view.raster_height // 1024 for view in views) <= (BIG.context - 1024) * 3 // 4
