"""Places in a real file: visits by the time their pictures were taken, names that people type, and what is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.errors import UsageError
from backend.memory.filing import Clock, Provenance
from backend.memory.places import NoSuchPlace, Places
from backend.memory.recall import recall
from tests.memory.test_recall import keep

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "journal.db")


def picture(letter: str, minutes: float, clock: Clock = Clock.EXIF) -> tuple[dict[str, Any], Provenance]:
    told = {"sha256": letter * 64, "width": 640, "height": 480, "time": None, "camera": None}
    return told, Provenance(Path(f"/p/{letter}.png"), START + timedelta(minutes=minutes), clock, b"small")


def test_what_was_taken_within_an_hour_is_one_visit(places: Places) -> None:
    places.keep("Kitchen", [picture("a", 0), picture("b", 50), picture("c", 300)])
    name, visits = places.visits("kitchen ")
    assert name == "Kitchen"
    assert [[view.path for view in visit.views] for visit in visits] == [
        [Path("/p/a.png"), Path("/p/b.png")],
        [Path("/p/c.png")],
    ]
    assert (visits[0].began, visits[0].ended) == (START, START + timedelta(minutes=50))


def test_a_picture_between_two_visits_joins_them(places: Places) -> None:
    places.keep("Kitchen", [picture("a", 0), picture("b", 110)])
    assert len(places.visits("Kitchen")[1]) == 2
    places.keep("Kitchen", [picture("c", 55)])
    (visit,) = places.visits("Kitchen")[1]
    assert len(visit.views) == 3


def test_the_better_clock_is_believed_and_moves_the_view(places: Places) -> None:
    places.keep("Kitchen", [picture("a", 5000, Clock.FILE)])
    places.keep("Kitchen", [picture("a", 0, Clock.EXIF)])
    places.keep("Kitchen", [picture("a", 9000, Clock.ASKED)])
    (visit,) = places.visits("Kitchen")[1]
    assert [(view.when, view.clock) for view in visit.views] == [(START, Clock.EXIF)]


def test_what_was_asked_before_is_known_of_a_view(places: Places) -> None:
    from backend.memory.journal import Journal

    keep(Journal(places.path), "cup", "plate")
    keep(Journal(places.path), "cup")
    places.keep("Kitchen", [picture("a", 0)])
    (view,) = places.visits("Kitchen")[1][0].views
    assert sorted(box.label for box in view.boxes) == ["cup", "plate"]
    assert view.looked_for == ("Where?", "Where?")


def test_names(places: Places) -> None:
    places.keep("Kitchen", [picture("a", 0)])
    places.keep("hall", [picture("b", 0)])
    with pytest.raises(NoSuchPlace, match="“attic”") as refused:
        places.visits("attic")
    assert "Kitchen" in refused.value.cure
    with pytest.raises(UsageError, match="already"):
        places.rename("hall", "KITCHEN")
    places.rename("kitchen", "Küche")
    assert {one.name for one in places.summaries()} == {"Küche", "hall"}
    with pytest.raises(UsageError, match="needs a name"):
        places.keep("  ", [picture("c", 0)])


def test_forgetting_a_place_keeps_what_was_asked(places: Places) -> None:
    from backend.memory.journal import Journal

    views = keep(Journal(places.path), "cup")
    places.keep("Kitchen", [picture("a", 0)])
    assert places.visits("Kitchen")[1][0].views[0].thumbnail == b"small"
    assert places.forget("KITCHEN") == 1
    assert places.summaries() == []
    (one,) = recall(places.path, "cup")
    assert (one.view.id, one.place, one.view.thumbnail) == (views[0], "", None)
