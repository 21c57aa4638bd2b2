"""A picture file's bytes, read once, from regular files only.

A pipe or a device under a picture's name would hang the reader or act on the hardware, so the kind of file is asked
before it is opened and again afterwards; opening is non-blocking in case the file was exchanged in between.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from backend.errors import UnreadablePicture
from backend.language import N_, _

MOST_BYTES = 2**30
"""Larger files are no pictures that this program could decode; they are refused before they fill the memory."""

_KINDS = {
    stat.S_IFDIR: (N_("it is a folder"), N_("give a picture inside it, or open the folder in the app: sightline FOLDER")),
    stat.S_IFIFO: (N_("it is a pipe, not a regular file"), N_("give - to read a picture from standard input")),
    stat.S_IFSOCK: (N_("it is a socket, not a regular file"), N_("give a picture file")),
    stat.S_IFCHR: (N_("it is a device, not a regular file"), N_("give a picture file")),
    stat.S_IFBLK: (N_("it is a device, not a regular file"), N_("give a picture file")),
}
_REASONS = {
    errno.ENOENT: (N_("there is no such file"), N_("check the name and the folder you are in")),
    errno.ENOTDIR: (N_("there is no such file"), N_("check the name: a part of the path is a file, not a folder")),
    errno.EACCES: (N_("permission to read it is denied"), N_("make it readable (chmod +r FILE), or run as its owner")),
    errno.EPERM: (N_("permission to read it is denied"), N_("make it readable (chmod +r FILE), or run as its owner")),
    errno.ELOOP: (N_("its symbolic links lead in a circle"), N_("give the file itself")),
    errno.ENAMETOOLONG: (N_("the name is too long for this file system"), N_("check the name")),
}


def read(path: Path) -> bytes:
    """Every byte of a regular file; anything else is an UnreadablePicture that says why."""
    try:
        _require_regular(path, path.stat())
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            _require_regular(path, os.fstat(descriptor))
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason, cure = _REASONS.get(
            error.errno or 0, (error.strerror or str(error), _("check the file and the disk that it lies on"))
        )
        raise UnreadablePicture(path, reason, cure=cure) from error
    except ValueError as error:  # a NUL character in the name, which no file can have
        raise UnreadablePicture(path, _("no file can have this name"), cure=_("check the name")) from error
    require_sane_length(path, len(data))
    return data


def require_sane_length(name: str | Path, length: int) -> None:
    """Refuse what is empty or too large to be a picture."""
    if length == 0:
        raise UnreadablePicture(name, _("it is empty (0 bytes)"), cure=_("save or download the picture again"))
    if length > MOST_BYTES:
        raise UnreadablePicture(
            name,
            _("it is larger than {most_bytes} MiB").format(most_bytes=MOST_BYTES // 2**20),
            cure=_("save it as JPEG, or crop it, and ask again"),
        )


def _require_regular(path: Path, status: os.stat_result) -> None:
    kind = stat.S_IFMT(status.st_mode)
    if kind != stat.S_IFREG:
        reason, cure = _KINDS.get(kind, (_("it is not a regular file"), _("give a picture file")))
        raise UnreadablePicture(path, reason, cure=cure)
    if status.st_size > MOST_BYTES:
        require_sane_length(path, status.st_size)
