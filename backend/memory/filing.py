"""From a published answer to rows: the pictures it is about, what was found in them, what was claimed.

The published JSON is what is filed, not the objects behind it, so that answers of earlier versions are filed in the same way
when their journal is brought up to date.
"""

from __future__ import annotations

import json
import os
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any


class Clock(StrEnum):
    """How it is known when a picture was taken; of two the earlier in this list is believed."""

    GIVEN = "given"
    """The user said so."""
    EXIF = "exif"
    FILE = "file"
    """When the file was last written: a copy may be much younger than the picture."""
    ASKED = "asked"
    """When the question was asked; nothing else is known."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a picture came from, and when it was taken."""

    path: Path | None
    """Absolute; None for standard input."""
    when: datetime
    """With its time zone."""
    clock: Clock
    thumbnail: bytes | None = None
    """A small JPEG, kept for views of a place."""


FINDINGS = {"boxes": ("box", ("bbox",)), "points": ("point", ("point",)), "boxes3d": ("box3d", ("centre", "size", "rotation"))}
"""Lists of the published JSON: what one of them is called here, and the keys that hold its place."""


def stamp(when: datetime) -> str:
    """A time as it is stored: UTC, milliseconds, always of one length, so that the order of texts is that of times."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds")


def storable(text: str) -> str:
    """Text that SQLite can hold: bytes that were no UTF-8 on the command line are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def spaced(text: str) -> str:
    """Text whose words are divided by blanks, for the index: each ideograph is a word of its own, as Chinese has none."""
    plain = unicodedata.normalize("NFKC", storable(text)).casefold()
    return " ".join("".join(f" {char} " if _is_ideograph(char) else char for char in plain).split())


def file_answer(connection: sqlite3.Connection, answer: int, told: dict[str, Any], origins: Sequence[Provenance]) -> list[int]:
    """File the pictures, findings and claims of an answer (`told`: its published JSON), in the transaction under way.

    `origins`: one for each of its pictures. Returns the views, in the same order.
    """
    pictures = [picture for picture in told.get("pictures", ()) if isinstance(picture, dict)]
    views = [file_view(connection, picture, origin) for picture, origin in zip(pictures, origins, strict=True)]
    for key, (kind, places) in FINDINGS.items():
        for found in told.get(key, ()):
            if not 0 <= (at := int(found.get("picture", 0))) < len(views):
                continue
            place = json.dumps({name: found[name] for name in places})
            label = storable(str(found.get("label", "")))
            row = connection.execute(
                "INSERT INTO findings (answer, view, kind, name, label, place, confidence) VALUES (?, ?, ?, ?, ?, ?, ?)"
                " RETURNING id",
                (answer, views[at], kind, storable(str(found.get("id", ""))), label, place, found.get("confidence")),
            ).fetchone()
            connection.execute("INSERT INTO words (rowid, label) VALUES (?, ?)", (row[0], spaced(label)))
    for claim in told.get("claims", ()):
        ruling = (claim.get("verdict") or {}).get("ruling")
        parts = (storable(str(claim.get(part, ""))) for part in ("subject", "relation", "object"))
        connection.execute(
            "INSERT INTO claims (answer, subject, relation, object, negated, ruling) VALUES (?, ?, ?, ?, ?, ?)",
            (answer, *parts, int(bool(claim.get("negated"))), ruling),
        )
    return views


def file_view(connection: sqlite3.Connection, picture: dict[str, Any], origin: Provenance) -> int:
    """One picture of the published JSON; of one that is known already the better time, and the newer path, are taken over."""
    time = picture.get("time")
    known = (str(picture["sha256"]), -1.0 if time is None else float(time))
    camera = json.dumps(picture["camera"]) if picture.get("camera") else None
    path = None if origin.path is None else os.fsencode(origin.path)
    when, clock = origin.when, origin.clock
    row = connection.execute(
        "SELECT id, seen_at, clock, path, thumbnail, camera FROM views WHERE sha256 = ? AND time = ?", known
    ).fetchone()
    if row is None:
        made = connection.execute(
            "INSERT INTO views (sha256, time, path, width, height, seen_at, clock, thumbnail, camera)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (*known, path, picture["width"], picture["height"], stamp(when), clock.value, origin.thumbnail, camera),
        ).fetchone()
        return int(made[0])
    ranks = list(Clock)
    better = ranks.index(clock) < ranks.index(Clock(row[2]))
    connection.execute(
        "UPDATE views SET seen_at = ?, clock = ?, path = ?, thumbnail = ?, camera = ? WHERE id = ?",
        (
            *((stamp(when), clock.value) if better else (row[1], row[2])),
            path or row[3],
            origin.thumbnail or row[4],
            camera or row[5],
            row[0],
        ),
    )
    return int(row[0])


def file_every_answer(connection: sqlite3.Connection) -> None:
    """File what a journal of the first format holds: the time is that of the question, the path as it was given then."""
    for number, asked_at, text in connection.execute("SELECT id, asked_at, answer FROM answers ORDER BY id").fetchall():
        told, when = json.loads(text), datetime.fromisoformat(asked_at)
        pictures = [picture for picture in told.get("pictures", ()) if isinstance(picture, dict)]
        origins = [Provenance(_path(picture.get("path")), when, Clock.ASKED) for picture in pictures]
        connection.execute("SAVEPOINT one")
        try:
            file_answer(connection, number, told, origins)
        except (KeyError, TypeError, ValueError):  # not as any version wrote it: kept as it is, and found by its question only
            connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")


def _path(name: Any) -> Path | None:
    return Path(name) if isinstance(name, str) and name not in ("", "-") else None


def _is_ideograph(char: str) -> bool:
    code = ord(char)
    return 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF
