"""Opening a picture or film in the program that the desktop shows it with.

Never through a shell, and with an absolute path as the one argument, so that no file name is taken for an option. The program
does not end with the app: it has a session of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from textual.message import Message
from textual.widget import Widget

from backend.errors import SightlineError
from backend.language import _
from backend.sanitise import one_line


class NoSystemViewer(SightlineError):
    """There is no desktop, or nothing on it that opens the file."""


def opener() -> str:
    """The desktop's own program that opens files: `open` on macOS, `xdg-open` elsewhere.

    Raises:
        NoSystemViewer: what opens here is not seen by the user, or nothing does.
    """
    if os.environ.get("SSH_CONNECTION"):
        raise NoSystemViewer(
            _("The system's viewer would open on the other machine: this terminal came through SSH."),
            cure=_("y in the files copies the path"),
        )
    mac = sys.platform == "darwin"
    if not mac and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoSystemViewer(_("There is no desktop here: neither DISPLAY nor WAYLAND_DISPLAY is set."))
    name = "open" if mac else "xdg-open"
    found = shutil.which(name)
    if found is None:
        raise NoSystemViewer(_("{name} is not installed").format(name=name), cure=_("it comes with the package xdg-utils"))
    return found


class SystemViewer:
    """Opens files for a widget, which receives what went wrong."""

    @dataclass
    class Failed(Message):
        error: SightlineError

    def __init__(self, owner: Widget) -> None:
        self._owner = owner

    def open(self, path: Path) -> None:
        """Hand a file to the desktop, and do not wait for it.

        Raises:
            NoSystemViewer: see `opener`; also where it cannot be started.
        """
        program = opener()
        try:
            process = subprocess.Popen(
                [program, str(path.absolute())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            said = _("{name} cannot be started: {reason}")
            raise NoSystemViewer(said.format(name=Path(program).name, reason=one_line(error.strerror or str(error)))) from None
        # Some openers last as long as the viewer, so that the app must be able to end before this thread.
        Thread(target=self._watch, args=(process, path, Path(program).name), daemon=True, name="system viewer").start()

    def _watch(self, process: subprocess.Popen[bytes], path: Path, name: str) -> None:
        """In a thread."""
        if code := process.wait():
            said = _("{name} could not open {file} (exit code {code})").format(name=name, file=one_line(path.name), code=code)
            cure = _("the desktop may have no program for such files")
            with suppress(RuntimeError):  # the app is gone
                self._owner.post_message(self.Failed(NoSystemViewer(said, cure=cure)))
