"""Names are found as people type them, the last sighting first, and each thing of a picture once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.answer import Answer, PictureRef
from backend.memory.filing import Clock, Provenance
from backend.memory.journal import Journal
from backend.memory.places import Places
from backend.memory.recall import recall
from backend.scene import Box, Box3D, Point

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.db")


def keep(journal: Journal, *labels: str, day: int = 0, picture: str = "a", **more: object) -> tuple[int, ...]:
    boxes = tuple(Box(10 * n, 10, 10 * n + 8, 20, label, id=f"b{n}") for n, label in enumerate(labels, 1))
    answer = Answer("Where?", "boxes", "", (PictureRef(f"{picture}.png", 640, 480, picture * 64),), boxes)
    origin = Provenance(Path(f"/p/{picture}.png"), START + timedelta(days=day), Clock.EXIF)
    return journal.record(replace(answer, **more), [origin]).views  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("red cup", "red cup"),
        ("cup red", "red cup"),
        ("Red Cups", "red cup"),
        ("the red cup", "red cup"),
        ("redd cup", "red cup"),
        ("my kees", "keys"),
        ("红色杯子", "红色的杯子"),
        ("杯子", "红色的杯子"),
        ("café table", "Cafe table"),
        ('cup" OR "keys', None),
        ("", None),
        ("*", None),
        ("elephant", None),
        ("red cap", None),
        ("NOT cup", None),
    ],
)
def test_names_as_they_are_typed(journal: Journal, query: str, found: str | None) -> None:
    keep(journal, "red cup", "keys", "红色的杯子", "Cafe table")
    assert [one.label for one in recall(journal.path, query)] == ([] if found is None else [found])


def test_the_last_sighting_comes_first_by_when_it_was_taken(journal: Journal) -> None:
    keep(journal, "cup", day=2, picture="b")
    keep(journal, "cup", day=0, picture="a")
    assert [one.view.path for one in recall(journal.path, "cup")] == [Path("/p/b.png"), Path("/p/a.png")]
    assert recall(journal.path, "cup")[0].view.when == START + timedelta(days=2)


def test_a_thing_that_was_found_twice_in_one_picture_is_told_once(journal: Journal) -> None:
    keep(journal, "cup")
    solid = Box3D((0, 0, 2), (1, 1, 1), 0, 0, 0, "cup", id="s1")
    keep(journal, "cup", boxes3d=(solid,))
    (one,) = recall(journal.path, "cup")
    assert one.box == Box(10, 10, 18, 20, "cup")
    keep(journal, "mug", "mug", picture="b")
    assert len(recall(journal.path, "mug")) == 2, "two of one name are two things"


def test_points_and_solid_boxes_are_found_as_well(journal: Journal) -> None:
    keep(journal, points=(Point(3, 4, "handle", id="p1"),))
    (one,) = recall(journal.path, "handle")
    assert (one.finding, one.box) == (Point(3, 4, "handle"), None)


def test_only_in_one_place(journal: Journal) -> None:
    Places(journal.path).visit("Kitchen", keep(journal, "cup", picture="a"))
    Places(journal.path).visit("Hall", keep(journal, "cup", picture="b", day=1))
    assert [one.place for one in recall(journal.path, "cup")] == ["Hall", "Kitchen"]
    assert [one.place for one in recall(journal.path, "cup", "kitchen")] == ["Kitchen"]
    assert recall(journal.path, "cup", "attic") == []
