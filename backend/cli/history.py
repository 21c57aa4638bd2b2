"""What the commands that remember share: the option that says when, times for the reader, and the journal's errors as notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from backend.errors import UsageError
from backend.language import N_, _
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.answer import Answer
    from backend.memory.filing import Clock
    from backend.scene import Picture

_CLOCKS = {"given": N_("as given"), "exif": "EXIF", "file": N_("the file's date"), "asked": N_("when it was asked")}


def given_time(text: str | None) -> datetime | None:
    """What --at says; without a zone it is this machine's. Raises UsageError for what is no time."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            _("“{text}” is no time").format(text=one_line(text, 40)),
            cure=_("write it as 2026-03-02T08:00, with +01:00 or Z for another zone"),
        ) from None


def told_time(when: datetime, clock: Clock | None = None) -> str:
    """To the minute, in UTC, and how it is known."""
    known = "" if clock is None else f" ({_(_CLOCKS[clock.value])})"
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC{known}"


def keep_answers(
    answers: Sequence[Answer], pictures: Sequence[Picture], *, place: str | None = None, when: datetime | None = None
) -> None:
    """Remember answers. What goes wrong is said and no more, unless the user named a place: then it is an error."""
    from backend.memory.journal import JournalDamaged, JournalUnavailable, default_path
    from backend.places.remembering import remember

    path = default_path()
    for answer in answers:
        for attempt in range(2):
            try:
                remember(path, answer, pictures, place=place, when=when)
                break
            except JournalDamaged as error:  # it has been put aside; the second attempt begins a new one
                click.echo(_("note: {message}").format(message=one_line(error.message)), err=True)
                if attempt and place is not None:
                    raise
            except JournalUnavailable as error:
                if place is not None:
                    raise
                click.echo(_("note: this was not remembered: {message}").format(message=one_line(error.message)), err=True)
                return
