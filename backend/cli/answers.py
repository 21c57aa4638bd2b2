"""Answers that were given before: from a file or standard input, from a session, from the journal.

A file is what `ask --json` or `batch` wrote: an object, a list of them, or one a line. Lines of a batch that tell of a
failure are passed over, and counted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.errors import UsageError
from backend.language import _, ngettext
from backend.sanitise import one_line, quoted

if TYPE_CHECKING:
    from backend.answer import Answer

MOST_BYTES = 2**30
"""Of a file of answers: a batch over a hundred thousand pictures is a fifth of it."""


@dataclass(frozen=True, slots=True)
class Found:
    """Answers, and what helps to find their pictures."""

    answers: tuple[Answer, ...]
    folders: tuple[Path, ...] = ()
    """Where names of pictures may begin."""
    notes: tuple[str, ...] = ()


def answers_from(source: str) -> Found:
    """From a file, or from standard input for `-`. Raises UsageError, which names the file and the line."""
    name = _("standard input") if source == "-" else quoted(source)
    try:
        if source == "-":
            text = sys.stdin.buffer.read(MOST_BYTES + 1).decode("utf-8-sig")
        else:
            with Path(source).open("rb") as file:
                text = file.read(MOST_BYTES + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(_("{name} holds no text in UTF-8").format(name=name), cure=_wanted()) from None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UsageError(
            _("the answers in {name} cannot be read: {reason}").format(name=name, reason=reason), cure=_("check its name")
        ) from None
    if len(text) > MOST_BYTES:
        raise UsageError(_("{name} is too large").format(name=name), cure=_("export it in parts"))
    answers, failed = [], 0
    for line, told in _objects(text, name):
        if isinstance(told, dict) and "error" in told and "text" not in told:
            failed += 1
        else:
            answers.append(_answer(told, name, line))
    notes = _failed(failed)
    folders = () if source == "-" else (Path(source).parent,)
    return Found(tuple(answers), folders, notes)


def answers_of_session(name: str) -> Found:
    """All that was answered in a session of the app, in the order in which it was asked. Raises NoSuchSession."""
    from backend.memory.database import default_path
    from backend.memory.sessions import Sessions
    from backend.published import as_answer

    sessions = Sessions(default_path())
    session = sessions.load(sessions.find(name).key)
    asked = sorted((one for talk in session.conversations for one in talk.exchanges), key=lambda one: one.asked)
    answers = tuple(as_answer(one.answer, one.turn) for one in asked if one.answer)
    return Found(answers, tuple(dict.fromkeys(path.parent for talk in session.conversations for path in talk.pictures)))


def last_answers(count: int) -> Found:
    """The last so many answers that the journal keeps, the oldest first."""
    from backend.memory.database import default_path
    from backend.memory.journal import Journal
    from backend.published import as_answer

    path = default_path()
    kept = Journal(path).last(count) if path.exists() else []
    return Found(tuple(as_answer(one.answer) for one in kept))


def _objects(text: str, name: str) -> list[tuple[int, Any]]:
    """With the lines on which they stand, counted from 1; a list counts as one."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        pass
    else:
        return [(number, one) for number, one in enumerate(told, 1)] if isinstance(told, list) else [(1, told)]
    found = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append((number, json.loads(line)))
        except (ValueError, RecursionError) as error:
            if number == len(lines) and found:  # a batch that is under way, or was killed: its last line is not whole
                break
            raise UsageError(
                _("line {number} of {name} is no JSON: {reason}").format(
                    number=number, name=name, reason=one_line(str(error), 80)
                ),
                cure=_wanted(),
            ) from error
    return found


def _answer(told: Any, name: str, number: int) -> Answer:
    from backend.published import as_answer
    from backend.schema import VERSION

    if not isinstance(told, dict) or told.get("schema") != VERSION:
        raise UsageError(_("{name} holds no answer at {number}").format(name=name, number=number), cure=_wanted())
    try:
        return as_answer(told)
    except ValueError as error:
        raise UsageError(
            _("{name} holds no answer at {number}: {reason}").format(
                name=name, number=number, reason=one_line(str(error), 120)
            ),
            cure=_wanted(),
        ) from error


def _failed(count: int) -> tuple[str, ...]:
    said = ngettext(
        "{count} question without an answer was passed over", "{count} questions without an answer were passed over", count
    )
    return (said.format(count=count),) if count else ()


def _wanted() -> str:
    return _('write answers with: sightline ask "…" PICTURE --json > FILE')


def paths_of(answers: Sequence[Answer]) -> dict[str, Path]:
    """Where the journal last saw their pictures, by SHA-256; empty where it cannot be used."""
    from backend.memory.database import JournalUnavailable, default_path
    from backend.memory.views import known_paths

    try:
        path = default_path()
        hashes = {picture.sha256 for answer in answers for picture in answer.pictures}
        return known_paths(path, hashes) if path.exists() else {}
    except JournalUnavailable:
        return {}
