"""Parts that a user may have left out of the installation: whoever needs one says so here, before importing it.

    need("cv2", extra="depth", to="measure a stereo pair")
    import cv2

The import stays an ordinary one, so that its types are known; and it stays inside the function that needs it, because the
command line must start without any of them.
"""

from __future__ import annotations

import importlib
from typing import Literal

from backend.errors import SightlineError
from backend.language import _

Extra = Literal["depth", "ocr", "video"]


class MissingExtra(SightlineError):
    """A part that this installation was made without, or that does not load here. Exit code 4."""

    exit_code = 4


def need(module: str, *, extra: Extra, to: str) -> None:
    """Make sure that `module` can be imported. Raises MissingExtra, which says what for and how to get it.

    `to`: what cannot be done without it, as in “to measure a stereo pair”.
    """
    try:
        importlib.import_module(module)
    except ImportError as error:
        absent = isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] == module.partition(".")[0]
        reason = _("is not installed") if absent else _("does not load here ({error})").format(error=error)
        cure = (
            f'pip install "sightline[{extra}]"'
            if absent
            else _('repair it with: pip install --force-reinstall "sightline[{extra}]"').format(extra=extra)
        )
        raise MissingExtra(
            _("to {to}, sightline needs {module}, which {reason}").format(to=to, module=module, reason=reason), cure=cure
        ) from error
