"""A film file opened by FFmpeg, through PyAV: the one place that does, and what is said where it cannot be.

FFmpeg opens whatever a name or a file's contents lead to. Here only a regular file of this machine is opened: its name is
never taken for an address, and a playlist under a film's name, which would fetch what it lists, is refused.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from backend import extras
from backend.errors import UnreadableFilm
from backend.language import N_, _
from backend.sanitise import one_line

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

MOST_PIXELS = 150_000_000
"""Of one frame: 16384 × 8192, twice the size of 8K on each side. What claims more is refused before memory is taken."""
THREADED_PIXELS = 10_000_000
"""Up to this size (4K) several frames are decoded at once; larger ones one by one, as each thread holds some of them."""
_THREADS = 4
_LISTS = {"hls", "dash", "concat", "sdp", "rtsp", "imf", "image2", "ffmetadata"}
"""FFmpeg's readers of files that only name others."""
_COPY_AGAIN = N_("copy or download the film again; if its recording was interrupted, a repair tool may restore it")


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its picture track, ready to be decoded, until the block is left.

    Raises UnreadableFilm, which names the file, the reason and the cure, and MissingExtra where PyAV is missing.
    """
    extras.need("av", extra="video", to="read a film")
    import av

    _require_file(path)
    try:
        container = av.open(f"file:{path.absolute()}", "r", options={"protocol_whitelist": "file"}, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    with container:
        if _LISTS & set(container.format.name.split(",")):
            raise UnreadableFilm(
                path, _("it is a playlist ({name})").format(name=container.format.name), cure=_("give the film that it lists")
            )
        yield container, _track(path, container)


def _track(path: Path, container: InputContainer) -> VideoStream:
    """The moving pictures; a cover in a song is none."""
    from av.stream import Disposition

    moving = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not moving:
        holds = _("sound and no moving pictures") if container.streams.audio else _("no moving pictures")
        raise UnreadableFilm(path, _("it holds {holds}").format(holds=holds), cure=_("give a film, or a picture file"))
    track = moving[0]
    if track.codec_context is None:
        raise UnreadableFilm(
            path, _("its pictures are coded in a way that is not known here"), cure=_("convert it to MP4 with H.264")
        )
    if track.width * track.height > MOST_PIXELS:
        claim = f"{track.width}×{track.height}"
        raise UnreadableFilm(
            path, _("it claims frames of {claim} pixels, more than can be decoded").format(claim=claim), cure=_("scale it down")
        )
    track.thread_type = "AUTO" if track.width * track.height <= THREADED_PIXELS else "SLICE"
    track.codec_context.thread_count = min(_THREADS, os.cpu_count() or 1)
    return track


def _require_file(path: Path) -> None:
    """Refuse what is no regular file with something in it: a pipe would hang, a device would act on the hardware."""
    try:
        status = path.stat()
    except OSError as error:
        reason = _("there is no such file") if isinstance(error, FileNotFoundError) else error.strerror or str(error)
        raise UnreadableFilm(path, reason, cure=_("check the name and that you may read it")) from error
    except ValueError as error:  # a NUL character in the name, which no file can have
        raise UnreadableFilm(path, _("no file can have this name"), cure=_("check the name")) from error
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableFilm(path, _("it is a folder"), cure=_("give a film inside it"))
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFilm(path, _("it is not a regular file"), cure=_("give a film file; for a camera use: sightline watch"))
    if status.st_size == 0:
        raise UnreadableFilm(path, _("it is empty (0 bytes)"), cure=_COPY_AGAIN)


def _unreadable(path: Path, error: Exception) -> UnreadableFilm:
    """What FFmpeg calls invalid data, told apart by the first bytes; other reasons in its own words."""
    if isinstance(error, PermissionError):
        return UnreadableFilm(path, _("permission to read it is denied"), cure=_("make it readable (chmod +r FILE)"))
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as unread:
        return UnreadableFilm(path, unread.strerror or str(unread), cure=_("check the file and the disk that it lies on"))
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return UnreadableFilm(path, _("its table of frames is missing or damaged: it was cut off"), cure=_COPY_AGAIN)
    if head.startswith((b"\x1aE\xdf\xa3", b"RIFF", b"OggS", b"FLV", b"\x30\x26\xb2\x75")):
        return UnreadableFilm(path, _("only its beginning is there, or it is damaged"), cure=_COPY_AGAIN)
    if head.lstrip().startswith((b"#EXTM3U", b"ffconcat")):
        return UnreadableFilm(path, _("it is a playlist"), cure=_("give the film that it lists"))
    if isinstance(error, ValueError):
        return UnreadableFilm(path, _("its contents are in no film format that is known here"))
    return UnreadableFilm(path, one_line(getattr(error, "strerror", None) or str(error), 100), cure=_COPY_AGAIN)
