"""How far off a model's boxes are: measured by the self-test, assumed until then.

A measurement holds for one model on one runtime, so it is kept under everything that it depends on (both files, the
token budget, the bindings, the device), and one that was made under anything else is not used. Each has a file of its
own, named after its key: nothing is ever rewritten in place, and two processes cannot take each other's away.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.catalog import places
from backend.catalog.card import InstalledModel
from backend.language import _
from backend.scene import Picture

_THREADS = re.compile(r", \d+ threads?$")
"""How many threads compute changes with the machine's load, and not what is computed."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Localisation:
    """A model's localisation error."""

    share: float
    """Standard deviation of a box's edge (σ), as a share of the picture's longer side."""
    measured: str = ""
    """The day of the self-test, YYYY-MM-DD; empty where σ is assumed."""

    def sigma(self, picture: Picture) -> float:
        """σ in pixels of the upright original, never less than the one pixel that edges are drawn to."""
        return max(1.0, self.share * max(picture.width, picture.height))

    def __str__(self) -> str:
        known = f"measured {self.measured}" if self.measured else _("assumed: sightline doctor --selftest measures it")
        return _("{share:.2%} of the longer side ({known})").format(share=self.share, known=known)


ASSUMED = Localisation(0.01)
"""Taken for a model that has not been measured."""

Setting = Mapping[str, Any]
"""Everything that a measurement depends on, as JSON."""


def setting(model: InstalledModel, described: Sequence[tuple[str, str]]) -> Setting:
    """What is being measured, or asked about: `described` is the loaded engine's own description."""
    return {
        "model": model.card.name,
        "files": [_mark(path) for path in (model.text, model.mmproj)],
        "image_tokens": model.card.image_tokens.default,
        "engine": {key: _THREADS.sub("", value) for key, value in described if key not in ("name", "text", "mmproj")},
    }


def localisation(model: InstalledModel, described: Sequence[tuple[str, str]]) -> Localisation:
    """What is known of this model on this engine: the self-test's σ where one was made under just this, else 1 %."""
    wanted = setting(model, described)
    record = _read(_path(wanted))
    return ASSUMED if record is None or record["setting"] != wanted else _known(record)


def keep(measured: Setting, share: float, day: str, details: Mapping[str, Any]) -> Path:
    """Write a measurement down, whole or not at all; OSError where the state folder cannot be written."""
    path = _path(measured)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, half = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"schema": 1, "setting": measured, "sigma": share, "day": day, **details}, file, indent=1)
        Path(half).replace(path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    return path


def kept(model: InstalledModel) -> Iterator[tuple[Localisation, dict[str, str]]]:
    """The measurements of this model's files as they are now, newest last, each with the engine it was made on."""
    files = [_mark(path) for path in (model.text, model.mmproj)]
    records = map(_read, places.measurements_folder().glob(f"{model.card.name}-{'?' * 16}.json"))
    for record in sorted(filter(None, records), key=lambda record: str(record["day"])):
        engine = record["setting"].get("engine")
        if record["setting"].get("files") == files and isinstance(engine, dict):
            yield _known(record), {str(key): str(value) for key, value in engine.items()}


def _mark(path: Path) -> list[Any]:
    """What tells a file from another one in its place, without reading gigabytes; a file that is elsewhere has no mark."""
    try:
        status = path.stat()
    except OSError:
        return [path.name]
    return [path.name, status.st_size, status.st_mtime_ns]


def _path(measured: Setting) -> Path:
    key = hashlib.sha256(json.dumps(measured, sort_keys=True).encode()).hexdigest()[:16]
    return places.measurements_folder() / f"{measured['model']}-{key}.json"


def _read(path: Path) -> dict[str, Any] | None:
    """A measurement; None where there is none, or where the file does not hold what was written."""
    try:
        record = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(record, dict) or not isinstance(record.get("setting"), dict):
        return None
    share, day = record.get("sigma"), record.get("day")
    sound = isinstance(share, float) and 0 < share < 1 and isinstance(day, str) and _DAY.fullmatch(day)
    return record if sound else None


def _known(record: Mapping[str, Any]) -> Localisation:
    return Localisation(record["sigma"], record["day"])
