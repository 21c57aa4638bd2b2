"""What `sightline ask` was asked, and about which pictures: one question before the pictures, or many beside them.

With -q or --questions every argument is a picture, so that nothing has to be guessed from how an argument looks.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from backend.errors import UsageError
from backend.language import _
from backend.sanitise import one_line, quoted

_MOST_BYTES = 10 * 2**20
"""Of a file of questions; a larger one is a mistake."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions as they were typed, and the names of the pictures that all of them are about."""

    questions: tuple[str, ...]
    pictures: tuple[str, ...]


def asked(arguments: tuple[str, ...], repeated: tuple[str, ...], listed: str | None) -> Asked:
    """Sort out the arguments, the -q and the --questions. Raises UsageError for what cannot be meant."""
    if repeated and listed is not None:
        raise UsageError(_("questions were given with -q and with --questions"), cure=_("give all of them with one of the two"))
    if not repeated and listed is None:
        if not arguments:
            raise UsageError(_("no QUESTION was given"), cure=_('sightline ask "Locate the red circle" PICTURE'))
        return _checked(arguments[:1], arguments[1:])
    _refuse_a_third_way(arguments)
    if arguments.count("-") and listed == "-":
        raise UsageError(_("standard input cannot be both a picture and the questions"), cure=_("give one of them as a file"))
    return _checked(repeated if listed is None else lines_of(listed), arguments)


def _checked(questions: tuple[str, ...], pictures: tuple[str, ...]) -> Asked:
    if not any(question.strip() for question in questions):
        raise UsageError(
            _("the question is empty"), cure=_('ask something, such as: sightline ask "Locate the red circle" PICTURE')
        )
    if not pictures:
        raise UsageError(
            _("no picture was given"),
            cure=_('sightline ask "{questions}" PICTURE').format(questions=one_line(questions[0], 40)),
        )
    if pictures.count("-") > 1:
        raise UsageError(_("standard input can be only one of the pictures"), cure=_("give - once"))
    return Asked(questions, pictures)


def _refuse_a_third_way(arguments: tuple[str, ...]) -> None:
    """A question before the pictures, as there is one without -q, would be taken for a picture that does not exist."""
    from backend.media.folder import is_film, is_picture

    if (
        len(arguments) > 1
        and arguments[0] != "-"
        and not (is_picture(arguments[0]) or is_film(arguments[0]))
        and not _exists(arguments[0])
    ):
        raise UsageError(
            _("beside -q and --questions every argument is a picture, and {arguments} is none").format(
                arguments=quoted(one_line(arguments[0], 60))
            ),
            cure=_("give that question with a -q of its own"),
        )


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):  # too long, or holding a NUL, for any file
        return False


def lines_of(source: str) -> tuple[str, ...]:
    """The questions in a file, or in standard input for `-`: one a line, without blank lines and #-comments."""
    name = _("standard input") if source == "-" else quoted(source)
    try:
        if source == "-":
            data = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            _("{name} holds no text in UTF-8").format(name=name), cure=_("give a text file with one question a line")
        ) from None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UsageError(
            _("the questions in {name} cannot be read: {reason}").format(name=name, reason=reason), cure=_("check its name")
        ) from None
    if len(data) > _MOST_BYTES:
        raise UsageError(
            _("{name} is too large to be a list of questions").format(name=name),
            cure=_("give a text file with one question a line"),
        )
    lines = (line.strip() for line in text.splitlines())
    questions = tuple(line for line in lines if line and not line.startswith("#"))
    if not questions:
        raise UsageError(
            _("{name} holds no question").format(name=name),
            cure=_("write one question a line; lines that begin with # are skipped"),
        )
    return questions
