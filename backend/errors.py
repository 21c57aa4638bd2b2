"""The few ways in which sightline can fail, each of which tells the reader what happened and what to do.

An error carries its exit code, so that the command line turns it into a message and a status in one place
(`backend.cli.main`), and the app into a notice.
"""

from __future__ import annotations

from pathlib import Path

from backend.language import N_, _
from backend.sanitise import quoted


class SightlineError(Exception):
    """Something that the user should know and can act on. `str(error)` is one sentence, `cure` the next step."""

    exit_code = 5

    def __init__(self, message: str, *, cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.cure = _(cure)  # which is often a constant, made before the language was known

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross a process boundary; the keyword-only cure must come along."""
        return (_rebuilt, (type(self), self.message, self.cure))


def _rebuilt(kind: type[SightlineError], message: str, cure: str) -> SightlineError:
    error = kind.__new__(kind)
    SightlineError.__init__(error, message, cure=cure)
    return error


class UsageError(SightlineError):
    """The command or the question cannot be understood. Exit code 2."""

    exit_code = 2


class TasksError(UsageError):
    """The user's tasks.toml says something that is not understood; names file, table and key. Exit code 2."""


class CalibrationError(UsageError):
    """A calibration file that does not parse, or tells of a camera that cannot be; names the file. Exit code 2."""

    def __init__(
        self,
        path: str | Path,
        reason: str,
        *,
        cure: str = N_("give a calibration as OpenCV or ROS writes it (YAML, XML or JSON)"),
    ) -> None:
        super().__init__(
            _("{path} is no calibration sightline can use: {reason}").format(path=quoted(path), reason=_(reason)), cure=cure
        )


class UnreadablePicture(SightlineError):
    """A file that cannot become a Picture. Exit code 3; the app shows it where the picture would be."""

    exit_code = 3

    def __init__(
        self,
        path: str | Path,
        reason: str,
        *,
        cure: str = N_("give a picture file: JPEG, PNG, WebP, GIF, TIFF, BMP, HEIC or AVIF"),
    ) -> None:
        super().__init__(
            _("{path} is not a picture sightline can read: {reason}").format(path=quoted(path), reason=_(reason)), cure=cure
        )


class UnreadableFilm(UnreadablePicture):
    """A film that cannot be opened, or of which no frame can be decoded. Exit code 3, as for a picture."""

    def __init__(
        self, path: str | Path, reason: str, *, cure: str = N_("give a film that a player on this machine shows")
    ) -> None:
        message = _("{path} is not a film sightline can read: {reason}").format(path=quoted(path), reason=_(reason))
        SightlineError.__init__(self, message, cure=cure)


class ModelError(SightlineError):
    """No model, a broken model file, or one that does not fit this machine. Exit code 4."""

    exit_code = 4


class CatalogError(ModelError):
    """models.toml or the user's own file says something that is not understood; names file, table and key. Exit code 4."""


class EngineFailure(SightlineError):
    """llama.cpp or its process failed while answering; the question can be asked again. Exit code 5."""


class EmptyAnswer(SightlineError):
    """The model ended without a word: no failure of the engine, which goes on, but nothing to read either. Exit code 5."""


class QuestionCancelled(SightlineError):
    """The user stopped the answer. Exit code 130."""

    exit_code = 130
