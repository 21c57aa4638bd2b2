"""Places and visits: a place is a set of views that its user gave one name; a visit is those that were taken together.

Pictures of one place that were taken less than an hour apart belong to one visit. What is known of a view is everything
that was ever found in that picture, whatever was asked, so a place can be made of pictures that were asked about long ago.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from backend.errors import UsageError
from backend.language import _
from backend.memory.database import opened
from backend.memory.filing import Provenance, file_view, stamp, storable
from backend.memory.views import COLUMNS, StoredView, finding_of, view_of
from backend.sanitise import one_line
from backend.scene import Box, Box3D

APART = timedelta(hours=1)
"""Between two pictures of one place from which they are two visits."""
LOOKING = ("boxes", "categories", "attributes", "boxes3d", "count")
"""Tasks whose answers hold everything that was asked for."""


@dataclass(frozen=True, slots=True)
class PlaceSummary:
    """One line of a list of places."""

    name: str
    visits: int
    views: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """The views of a place that were taken together, oldest first. Times in UTC."""

    id: int
    began: datetime
    ended: datetime
    views: tuple[StoredView, ...]


class NoSuchPlace(UsageError):
    """A name that no place has. Exit code 2."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        cure = f"known are: {', '.join(one_line(one, 40) for one in known)}" if known else "sightline places add makes one"
        super().__init__(_("there is no place “{name}”").format(name=one_line(name, 60)), cure=cure)


class Places:
    """The places in the journal's file. Every method raises JournalUnavailable where that cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def visit(self, name: str, views: Sequence[int]) -> None:
        """Say that these views (`Recorded.views`) show the place of that name, which is made where it is new."""
        with self._writing() as connection:
            place = _place(connection, name)
            for view in views:
                _visit(connection, place, view)

    def keep(self, name: str, pictures: Sequence[tuple[dict[str, Any], Provenance]]) -> tuple[int, ...]:
        """File pictures that nothing was asked about as views of a place. Each: its published JSON, and where it is from."""
        with self._writing() as connection:
            views = tuple(file_view(connection, picture, origin) for picture, origin in pictures)
            place = _place(connection, name)
            for view in views:
                _visit(connection, place, view)
        return views

    def summaries(self) -> list[PlaceSummary]:
        """Every place, the one that was visited last first."""
        with opened(self.path) as connection:
            rows = connection.execute(
                "SELECT name, count(DISTINCT visits.id), count(DISTINCT view), min(began), max(ended) FROM places"
                " JOIN visits ON visits.place = places.id JOIN visit_views ON visit = visits.id"
                " GROUP BY places.id ORDER BY max(ended) DESC, name"
            ).fetchall()
        return [
            PlaceSummary(name, visits, views, datetime.fromisoformat(first), datetime.fromisoformat(last))
            for name, visits, views, first, last in rows
        ]

    def visits(self, name: str) -> tuple[str, tuple[Visit, ...]]:
        """The place's name as it was first written, and its visits, oldest first. Raises NoSuchPlace."""
        with opened(self.path) as connection:
            place, written = _known(connection, name)
            rows = connection.execute(
                "SELECT id, began, ended FROM visits WHERE place = ? ORDER BY began, id", (place,)
            ).fetchall()
            return written, tuple(
                Visit(row[0], datetime.fromisoformat(row[1]), datetime.fromisoformat(row[2]), _views(connection, row[0]))
                for row in rows
            )

    def rename(self, name: str, new: str) -> None:
        """Give a place another name. Raises NoSuchPlace, and UsageError where another place has it."""
        with self._writing() as connection:
            place, __ = _known(connection, name)
            taken = connection.execute("SELECT id FROM places WHERE key = ?", (_key(new),)).fetchone()
            if taken is not None and taken[0] != place:
                raise UsageError(
                    _("there is a place “{new}” already").format(new=one_line(new, 60)), cure=_("choose another name")
                )
            connection.execute("UPDATE places SET name = ?, key = ? WHERE id = ?", (_checked(new), _key(new), place))

    def forget(self, name: str) -> int:
        """Forget that there is such a place, and its visits; answers stay. Returns how many visits. Raises NoSuchPlace."""
        with self._writing() as connection:
            place, __ = _known(connection, name)
            gone = int(connection.execute("SELECT count(*) FROM visits WHERE place = ?", (place,)).fetchone()[0])
            connection.execute("DELETE FROM places WHERE id = ?", (place,))
            connection.execute(
                "UPDATE views SET thumbnail = NULL WHERE id NOT IN (SELECT view FROM visit_views)"
            )  # kept for places only
        return gone

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with opened(self.path) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")


def _place(connection: sqlite3.Connection, name: str) -> int:
    row = connection.execute("SELECT id FROM places WHERE key = ?", (_key(name),)).fetchone()
    if row is None:
        row = connection.execute(
            "INSERT INTO places (name, key) VALUES (?, ?) RETURNING id", (_checked(name), _key(name))
        ).fetchone()
    return int(row[0])


def _known(connection: sqlite3.Connection, name: str) -> tuple[int, str]:
    row = connection.execute("SELECT id, name FROM places WHERE key = ?", (_key(name),)).fetchone()
    if row is None:
        raise NoSuchPlace(name, [row[0] for row in connection.execute("SELECT name FROM places ORDER BY name")])
    return int(row[0]), str(row[1])


def _checked(name: str) -> str:
    if not (clean := " ".join(storable(name).split())):
        raise UsageError(_("a place needs a name"), cure=_("give one, such as --place kitchen"))
    return clean


def _key(name: str) -> str:
    """Names that differ in case or blanks only are one place's."""
    return " ".join(storable(name).split()).casefold()


def _visit(connection: sqlite3.Connection, place: int, view: int) -> None:
    """Put a view into the visit of its time, which may join two that it lies between."""
    (seen,) = connection.execute("SELECT seen_at FROM views WHERE id = ?", (view,)).fetchone()
    when = datetime.fromisoformat(seen)
    connection.execute(
        "DELETE FROM visit_views WHERE view = ? AND visit IN (SELECT id FROM visits WHERE place = ?)", (view, place)
    )
    near = connection.execute(
        "SELECT id, began, ended FROM visits WHERE place = ? AND began <= ? AND ended >= ? ORDER BY began",
        (place, stamp(when + APART), stamp(when - APART)),
    ).fetchall()
    began, ended = min([seen, *(row[1] for row in near)]), max([seen, *(row[2] for row in near)])
    if not near:
        near = connection.execute(
            "INSERT INTO visits (place, began, ended) VALUES (?, ?, ?) RETURNING id", (place, seen, seen)
        ).fetchall()
    (kept, *__), *others = near
    connection.execute("UPDATE visits SET began = ?, ended = ? WHERE id = ?", (began, ended, kept))
    for other, *__ in others:
        connection.execute("UPDATE OR IGNORE visit_views SET visit = ? WHERE visit = ?", (kept, other))
        connection.execute("DELETE FROM visits WHERE id = ?", (other,))
    connection.execute("INSERT OR IGNORE INTO visit_views (visit, view) VALUES (?, ?)", (kept, view))
    connection.execute("DELETE FROM visits WHERE place = ? AND id NOT IN (SELECT visit FROM visit_views)", (place,))


def _views(connection: sqlite3.Connection, visit: int) -> tuple[StoredView, ...]:
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM views JOIN visit_views ON view = views.id WHERE visit = ?"
        " ORDER BY seen_at, path, time, views.id",
        (visit,),
    ).fetchall()
    return tuple(view_of(row, *_found(connection, row[0]), _looked_for(connection, row[1])) for row in rows)


def _found(connection: sqlite3.Connection, view: int) -> tuple[tuple[Box, ...], tuple[Box3D, ...]]:
    """What was found in a picture. Of a name that several answers found, those of the last answer count."""
    rows = connection.execute(
        "SELECT id, kind, label, place, confidence FROM findings AS one WHERE view = ? AND kind IN ('box', 'box3d')"
        " AND answer = (SELECT max(answer) FROM findings WHERE view = one.view AND kind = one.kind"
        " AND label = one.label COLLATE NOCASE) ORDER BY id",
        (view,),
    ).fetchall()
    found = [finding_of(kind, place, label, sure, number) for number, kind, label, place, sure in rows]
    return tuple(one for one in found if isinstance(one, Box)), tuple(one for one in found if isinstance(one, Box3D))


def _looked_for(connection: sqlite3.Connection, sha256: str) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT question, answers.answer FROM answers JOIN pictures ON pictures.answer = answers.id"
        " WHERE sha256 = ? ORDER BY id",
        (sha256,),
    )
    return tuple(question for question, answer in rows if json.loads(answer).get("task") in LOOKING)
