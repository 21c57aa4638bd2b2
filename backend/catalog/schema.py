"""What may stand in models.toml: every key, its type and its range, as data.

A slip of the pen in a settings file must never be silently ignored: an unknown key, a wrong type and a number out of
range are each an error that names file, table and key. Every file is held against these rules on its own, before files
are laid over each other, so that the message names the file in which the slip was made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import NoReturn, Protocol

from backend.errors import CatalogError, SightlineError
from backend.sanitise import one_line, quoted
from backend.scene import Units


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in which file a value stands, for messages."""

    file: Path
    table: str
    key: str = ""
    error: type[SightlineError] = CatalogError
    """What a refusal raises."""

    def refuse(self, what: str, cure: str = "") -> NoReturn:
        key = f", key “{one_line(self.key, 60)}”" if self.key else ""
        raise self.error(
            f"{quoted(self.file)}, table [{one_line(self.table, 80)}]{key}: {what}",
            cure=cure or "correct it in that file",
        )

    def inside(self, key: str) -> Spot:
        """The spot of `key` in this spot's table."""
        return replace(self, key=f"{self.key}.{key}" if self.key else key)


@dataclass(frozen=True, slots=True)
class Text:
    pattern: str = r"[^\x00-\x1f\x7f]*"
    what: str = "text on one line, without control characters"
    shown: bool = True
    """Whether a message may quote it; not where somebody may have put a password by mistake."""

    def check(self, value: object, spot: Spot) -> None:
        if not isinstance(value, str):
            spot.refuse(f"{_shown(value)} is not text; write it in quotes")
        if not re.fullmatch(self.pattern, value):
            spot.refuse(f"{_shown(value) if self.shown else 'this'} is not {self.what}")


@dataclass(frozen=True, slots=True)
class Flag:
    def check(self, value: object, spot: Spot) -> None:
        if not isinstance(value, bool):
            spot.refuse(f"{_shown(value)} is neither true nor false")


@dataclass(frozen=True, slots=True)
class Number:
    least: float
    most: float
    whole: bool = True
    above: bool = False
    """The value must be larger than `least`, not equal to it."""

    def check(self, value: object, spot: Spot) -> None:
        kind = "a whole number" if self.whole else "a number"
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            spot.refuse(f"{_shown(value)} is not {kind}")
        low = value <= self.least if self.above else value < self.least
        if low or value > self.most or not isfinite(value):
            begin = f"above {self.least:g}, at most" if self.above else f"between {self.least:,g} and"
            spot.refuse(f"{value:,} is not {begin} {self.most:,.12g}")


@dataclass(frozen=True, slots=True)
class Channels:
    """One number for each of red, green and blue."""

    each: Number

    def check(self, value: object, spot: Spot) -> None:
        if not isinstance(value, list) or len(value) != 3:
            spot.refuse(f"{_shown(value)} is not three numbers, for red, green and blue; write [0.5, 0.5, 0.5]")
        for number in value:
            self.each.check(number, spot)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes for each of some quantisations, whose names become part of file names."""

    def check(self, value: object, spot: Spot) -> None:
        for key, size in _table(value, spot).items():
            _QUANT.check(key, spot.inside(key))
            _BYTES.check(size, spot.inside(key))


@dataclass(frozen=True, slots=True)
class Table:
    rules: Mapping[str, Rule]

    def check(self, value: object, spot: Spot) -> None:
        for key, inner in _table(value, spot).items():
            rule = self.rules.get(key)
            if rule is None:
                unknown(key, self.rules, spot.inside(key))
            rule.check(inner, spot.inside(key))


class Rule(Protocol):
    """What a value must be."""

    def check(self, value: object, spot: Spot) -> None:
        """Refuse at `spot` what it is not."""


def unknown(key: str, known: Mapping[str, object], spot: Spot) -> NoReturn:
    """Refuse a key, with the nearest one that exists."""
    close = get_close_matches(key, known, n=1)
    spot.refuse("this key is unknown", cure=f"did you mean “{close[0]}”?" if close else f"known here: {', '.join(known)}")


def _table(value: object, spot: Spot) -> Mapping[str, object]:
    if not isinstance(value, dict):
        spot.refuse(f"{_shown(value)} is not a table; write {{ … }}")
    return value


def _shown(value: object) -> str:
    return f"“{one_line(str(value), 60)}”"


_BYTES = Number(0, 1 << 44)
_QUANT = Text(r"[A-Z0-9_]{2,16}", "the name of a quantisation, such as Q8_0")
_SAMPLING = Table(
    {
        "temperature": Number(0, 5, whole=False),
        "top_p": Number(0, 1, whole=False, above=True),
        "top_k": Number(0, 1_000_000),
        "min_p": Number(0, 1, whole=False),
        "presence_penalty": Number(-10, 10, whole=False),
    }
)
_FILE = Text(r"/[^\x00-\x1f\x7f]+|[^/\\\x00-\x1f\x7f]+\.gguf", "the name of a .gguf file, or an absolute path")
_ENDPOINT = r"https?://[^\s\x00-\x1f\x7f/?#@]+(/[^\s\x00-\x1f\x7f?#@]*)?"
_SECONDS = Number(0, 86_400, whole=False, above=True)
CARD = Table(
    {
        "title": Text(),
        "text": _FILE,
        "mmproj": _FILE,
        "repo": Text(r"[\w.-]+/[\w.-]+", "a hub repository, owner/name"),
        "bundled": Flag(),
        "coordinates": Text("|".join(Units), "rel1000 or pixels"),
        "image_tokens": Table({"min": Number(1, 16_384), "max": Number(1, 16_384), "default": Number(1, 16_384)}),
        "sampling": Table({"text": _SAMPLING, "boxes": _SAMPLING}),
        "context": Number(256, 1 << 20),
        "gpu_layers": Number(-1, 1000),
        "max_tokens": Number(1, 1 << 20),
        "thinking": Flag(),
        "thinking_tokens": Number(0, 1 << 20),
        "frame_pairs": Flag(),
        "parameters": Number(0, 10_000, whole=False),
        "download_bytes": _BYTES,
        "other_quants": Sizes(),
        "note": Text(),
        "endpoint": Text(
            _ENDPOINT, "the address of a server, such as http://host:8080/v1 (a key never stands in it)", shown=False
        ),
        "remote_model": Text(),
        "api_key_env": Text(
            r"[A-Za-z_][A-Za-z0-9_]*", "the name of an environment variable (never the key itself)", shown=False
        ),
        "timeouts": Table({"connect": _SECONDS, "first_token": _SECONDS, "between_tokens": _SECONDS}),
    }
)
DEPTH_CARD = Table(
    {
        "title": Text(),
        "file": Text(
            r"/[^\x00-\x1f\x7f]+|(?!\.)[\w.-]+(/(?!\.)[\w.-]+)*\.onnx",
            "the name of an .onnx file in its repository, or an absolute path",
        ),
        "repo": Text(r"[\w.-]+/[\w.-]+", "a hub repository, owner/name"),
        "bundled": Flag(),
        "family": Text("midas|depth-anything", "midas or depth-anything"),
        "output": Text("inverse|metres", "inverse or metres"),
        "size": Number(16, 4096),
        "multiple": Number(1, 256),
        "mean": Channels(Number(-1000, 1000, whole=False)),
        "std": Channels(Number(0, 1000, whole=False, above=True)),
        "layout": Text("auto|nchw|nhwc", "auto, nchw or nhwc"),
        "download_bytes": _BYTES,
        "note": Text(),
    }
)
NAME = Text(r"[a-z0-9][a-z0-9._-]{0,63}", "a model name: small letters, digits, . _ and -, at most 64 of them")
