"""Looking for a thing by its name: where it was seen, the last time first.

SQLite's full-text index (FTS5) finds labels by their words, whatever their order, singular or plural (Porter's stemmer, English
only); Chinese is found by its characters. A word that no label has is taken for the known word that it is nearest to
(`difflib`), so that a slip of the finger finds what was meant.
"""

from __future__ import annotations

import difflib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.memory.database import opened
from backend.memory.filing import spaced
from backend.memory.views import COLUMNS, StoredView, finding_of, view_of
from backend.scene import Box, Finding

LIKENESS = 0.75
"""Share of letters two words must have in common (difflib's ratio) to be taken for one."""
MOST = 200
"""Sightings that are looked at."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A thing that was found once."""

    label: str
    finding: Finding
    view: StoredView
    place: str
    """Name of the place; empty where the picture is of none."""
    question: str
    """What was asked then."""

    @property
    def box(self) -> Box | None:
        """Its rectangle, where it has one."""
        return self.finding if isinstance(self.finding, Box) else None


def recall(path: Path, query: str, place: str | None = None) -> list[Sighting]:
    """Sightings of what is called that, the last first; of one picture each thing once, in its last answer's words.

    `place`: there only. Raises JournalUnavailable.
    """
    with opened(path) as connection:
        words = _understood(connection, query)
        if not words:
            return []
        rows = connection.execute(
            f"SELECT {COLUMNS}, kind, findings.label, findings.place, confidence, question,"
            " (SELECT name FROM places JOIN visits ON visits.place = places.id JOIN visit_views ON visit = visits.id"
            "  WHERE view = views.id ORDER BY places.id DESC LIMIT 1) AS shown"
            " FROM words JOIN findings ON findings.id = words.rowid JOIN views ON views.id = findings.view"
            " JOIN answers ON answers.id = findings.answer"
            " WHERE words MATCH ? AND (? IS NULL OR shown = ? COLLATE NOCASE)"
            " ORDER BY seen_at DESC, time DESC, findings.answer DESC, findings.id LIMIT ?",
            (_match(words), place, place, MOST),
        ).fetchall()
    return _distinct([_sighting(row) for row in rows])


def _understood(connection: sqlite3.Connection, query: str) -> list[str]:
    """The query's words, each as the index knows it; empty where one of them is like none that is known."""
    known: list[str] | None = None
    meant = []
    for word in _words(query):
        near: list[str] = []
        found = connection.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (_match([word]),)).fetchone()
        if found is None:
            known = known or _known(connection)
            near = difflib.get_close_matches(word, known, 1, LIKENESS)
            if not near:
                return []
        meant.append(word if found else near[0])
    return meant


def _known(connection: sqlite3.Connection) -> list[str]:
    """Every word of a label, as it was written; the index itself holds stems, which are like nothing that is typed."""
    labels = connection.execute("SELECT DISTINCT label FROM findings")
    return sorted({word for (label,) in labels for word in spaced(label).split()})


def _words(query: str) -> list[str]:
    """What is looked for, without articles: nobody's label has them, and a question often does."""
    letters = "".join(char if char.isalnum() else " " for char in spaced(query))
    words = [word for word in letters.split() if word not in ("the", "a", "an", "my", "every", "all")]
    return words or letters.split()


def _match(words: list[str]) -> str:
    """In FTS5's language: all of these words, none of which is an operator of it."""
    return " AND ".join(f'"{word}"' for word in words)


def _sighting(row: tuple[Any, ...]) -> Sighting:
    *picture, kind, label, text, confidence, question, place = row
    return Sighting(label, finding_of(kind, text, label, confidence), view_of(tuple(picture)), place or "", question)


def _distinct(sightings: list[Sighting]) -> list[Sighting]:
    """Without what an earlier answer had found in the same picture, and without solid boxes where there are rectangles."""
    kept: list[Sighting] = []
    for one in sightings:
        same = [other for other in kept if other.view.id == one.view.id and other.label.casefold() == one.label.casefold()]
        if any(_is_again(one, other) for other in same):
            continue
        kept.append(one)
    flat = {(one.view.id, one.label.casefold()) for one in kept if one.box is not None}
    return [one for one in kept if one.box is not None or (one.view.id, one.label.casefold()) not in flat]


def _is_again(one: Sighting, other: Sighting) -> bool:
    if one.box is not None and other.box is not None:
        return one.box.iou(other.box) > 0.5
    return type(one.finding) is type(other.finding) and one.question != other.question
