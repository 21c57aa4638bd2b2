"""Making a pair that is already on disk known, in place: nothing is copied, one table is written into added.toml.

What the table says is read from the GGUF headers, so that a thinking model samples as one and a model of another width
of context is not asked for more than it was trained for.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from filelock import FileLock

from backend.catalog import places, schema
from backend.catalog.card import ModelCard
from backend.catalog.check import check_pair
from backend.catalog.header import Header
from backend.catalog.registry import load_catalog, read_models
from backend.errors import ModelError, UsageError
from backend.language import _
from backend.sanitise import one_line, quoted
from backend.toml_rules import Spot

_PREFACE = """# Written by `sightline models add`: files that are used where they lie. Remove a table to forget its model.
# What you want otherwise goes into models.toml beside this file, which sightline never writes to.
"""
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""Control characters, and bytes of a name that are no UTF-8 (Python carries them as lone surrogates)."""
_DEFAULT_CONTEXT = 8192
_THINKING_SAMPLING = {"temperature": 1.0, "top_p": 0.95, "top_k": 20, "presence_penalty": 0.0}


def add(name: str, text: Path, mmproj: Path, user: Path | None = None) -> ModelCard:
    """Check the pair, write its table, and return the card that the catalogue now has for it."""
    user = user or places.user_catalog()
    added = places.added_catalog(user)
    schema.NAME.check(name, Spot(added, f"models.{name}"))
    text, mmproj = _absolute(text), _absolute(mmproj)
    language, vision = check_pair(text, mmproj).require()
    known = {card.name: card for card in load_catalog(user=user).cards}
    if name in known and known[name].bundled:
        raise UsageError(
            _("{name} comes with sightline and keeps its own files").format(name=name), cure=_("choose another name")
        )
    table: dict[str, Any] = {"text": str(text), "mmproj": str(mmproj)}
    mine = read_models(added) if added.exists() else {}
    if name not in known or name in mine:
        table |= _described(language, vision)
    own = read_models(user) if user.exists() else {}
    if {"text", "mmproj"} & own.get(name, {}).keys():
        raise ModelError(
            _("{user} already says which files {name} has").format(user=quoted(user), name=name),
            cure=_("change them there, or choose another name"),
        )
    _write(added, name, table)
    return load_catalog(user=user).card(name)


def _absolute(path: Path) -> Path:
    whole = path.expanduser().absolute()
    if _UNWRITABLE.search(str(whole)):
        raise ModelError(
            _("the name {whole} cannot be written into a settings file").format(whole=quoted(whole)),
            cure=_("rename the file or its folder"),
        )
    return whole


def _described(language: Header, vision: Header) -> dict[str, Any]:
    """Settings of a model that the catalogue does not know yet, from what its headers say."""
    title = language.text("general.name")
    thinking = "thinking" in f"{title} {language.path.name}".lower()
    context = min(language.own("context_length") or _DEFAULT_CONTEXT, _DEFAULT_CONTEXT)
    most = min(2048, context // 2)
    table: dict[str, Any] = {
        "title": one_line(title, 80) or language.path.stem,
        "coordinates": "pixels" if vision.text("clip.projector_type") == "qwen2.5vl_merger" else "rel1000",
        "image_tokens": {"min": min(256, most), "max": most, "default": min(1024, most)},
        "context": context,
        "max_tokens": min(1024, context // 2),
        "thinking": thinking,
        "parameters": round((language.parameters + vision.parameters) / 1e9, 3),
    }
    if thinking:
        table["thinking_tokens"] = 3072
        table["sampling"] = {"text": _THINKING_SAMPLING}
    return table


def _write(added: Path, name: str, table: dict[str, Any]) -> None:
    """Put the table into `added`, whole or not at all, also when two processes add at once."""
    try:
        added.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(added.with_suffix(".lock")):
            tables = read_models(added) if added.exists() else {}
            tables[name] = table
            body = "".join(f"\n[models.{_text(key)}]\n{_lines(values)}" for key, values in tables.items())
            _replace(added, _PREFACE + body)
    except OSError as error:
        raise ModelError(
            _("{added} cannot be written: {reason}").format(added=quoted(added), reason=error.strerror),
            cure=_("check that folder's permissions"),
        ) from error


def _replace(file: Path, content: str) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as draft:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _lines(table: dict[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in table.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_text(key)} = {_value(inner)}" for key, inner in value.items()) + " }" if value else "{}"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(value: str) -> str:
    """A TOML basic string: JSON's, but for the one control character that JSON lets through."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
