"""What one benchmark writes down, on disk after every value: a side that hangs costs what would have followed, and no more."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Series:
    """Values of one quantity, in the order of the repetitions."""

    unit: str
    values: list[float] = field(default_factory=list)


class Sheet:
    """Series, facts and failures of one benchmark."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.series: dict[str, Series] = {}
        self.facts: dict[str, str] = {}
        """What was observed and is not a quantity."""
        self.failures: dict[str, str] = {}
        """Side → why it has no values, or no more."""

    def add(self, name: str, unit: str, *values: float) -> None:
        self.series.setdefault(name, Series(unit)).values += values
        self._write()

    def fact(self, name: str, value: object) -> None:
        self.facts[name] = str(value)
        self._write()

    def failed(self, side: str, why: str) -> None:
        self.failures.setdefault(side, why)
        self._write()

    def values(self, name: str) -> list[float]:
        """None of them where the series is missing."""
        return self.series[name].values if name in self.series else []

    def as_dict(self) -> dict[str, Any]:
        series = {name: asdict(one) for name, one in self.series.items()}
        return {"series": series, "facts": self.facts, "failures": self.failures}

    @classmethod
    def of_dict(cls, data: dict[str, Any]) -> Sheet:
        sheet = cls()
        sheet.series = {name: Series(one["unit"], list(one["values"])) for name, one in data["series"].items()}
        sheet.facts, sheet.failures = dict(data["facts"]), dict(data["failures"])
        return sheet

    @classmethod
    def read(cls, path: Path) -> Sheet:
        """What was written until then; an empty sheet where nothing was."""
        return cls.of_dict(json.loads(path.read_text("utf-8"))) if path.exists() else cls()

    def _write(self) -> None:
        if self._path is not None:
            part = self._path.with_suffix(".part")
            part.write_text(json.dumps(self.as_dict(), ensure_ascii=False), "utf-8")
            part.replace(self._path)
