"""What a film is, found out when it is opened: how it stands, and how long it really is.

A container says how long it was meant to be. What is in it is asked of its last packets; where these are missing, or where
nothing is said, of all of them. None is decoded for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.language import _
from backend.media.film import frames
from backend.media.film.info import FilmInfo
from backend.media.film.reel import Reel, packets
from backend.media.film.source import opened
from backend.scene.moments import stamp

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_TAIL = 3.0
"""Seconds before the promised end from which the last packets are looked for."""
_HDR = (16, 18)
"""Transfer functions by their numbers in ITU-T H.273: SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG)."""
_SHORT = 0.5
"""Seconds that may be missing at the end before it is said."""


def inspected(name: str, reel: Reel, first: VideoFrame, turned: frames.Turn) -> FilmInfo:
    """What is known after its first frame was decoded. The reel is of no use afterwards: it stands anywhere."""
    aspect = float(reel.track.sample_aspect_ratio or 1) or 1.0
    across, down = max(1, round(first.width * aspect)), first.height
    degrees, mirrored = frames.rotation(turned)
    notes = []
    if aspect != 1:
        notes.append(
            _("its pixels are not square: {width}×{height} are shown as {across}×{down}").format(
                width=first.width, height=first.height, across=across, down=down
            )
        )
    if first.color_trc in _HDR:
        notes.append(_("its colours are HDR, and are shown as if they were not: pale, or dark"))
    fps, promised = reel.fps, _promised(reel.container, reel.track)
    counted = reel.track.frames
    duration = _tail(reel, promised) if promised is not None else 0.0
    if promised is None or duration < promised - max(_SHORT, 2 / fps):
        duration, counted = _whole(reel)
        if promised is not None and duration < promised - max(_SHORT, 2 / fps):
            notes.append(
                _("it was cut off: it promises {stamp}, and {stamp_2} of it are there").format(
                    stamp=stamp(promised), stamp_2=stamp(duration)
                )
            )
    return FilmInfo(
        name=name,
        width=down if degrees in (90, 270) else across,
        height=across if degrees in (90, 270) else down,
        duration=duration,
        fps=fps,
        frames=counted or max(1, round(duration * fps)),
        frames_known=bool(counted),
        codec=reel.track.codec_context.name,
        container=reel.container.format.name.split(",")[0],
        rotation=degrees,
        mirrored=mirrored,
        notes=tuple(notes),
    )


def _promised(container: InputContainer, track: VideoStream) -> float | None:
    """The duration that the file gives, seconds: of its picture track, else of all of it."""
    if track.duration and track.time_base:
        return float(track.duration * track.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _tail(reel: Reel, promised: float) -> float:
    """When the last frame ends that lies near the promised end; 0 where none does."""
    import av

    if reel.track.time_base is None:
        return 0.0
    target = round((max(0.0, promised - _TAIL) + reel.zero) / reel.track.time_base)
    try:
        reel.container.seek(target, stream=reel.track, backward=True)
        return _counted(reel.container, reel.track, reel.zero, reel.fps)[0]
    except av.FFmpegError:
        return 0.0


def _whole(reel: Reel) -> tuple[float, int]:
    """When the last frame ends, and how many there are, by all packets."""
    with opened(reel.path) as (container, track):
        return _counted(container, track, reel.zero, reel.fps)


def _counted(container: InputContainer, track: VideoStream, zero: float, fps: float) -> tuple[float, int]:
    """From where the container stands: the end of the last frame, seconds from the first one, and how many packets."""
    end, counted = 0.0, 0
    for packet in packets(container, track):
        if not packet.size or packet.is_corrupt:
            continue
        counted += 1
        time = packet.pts if packet.pts is not None else packet.dts
        if time is None or packet.time_base is None:
            end = counted / fps
        else:
            shown = float(packet.duration * packet.time_base) if packet.duration else 1 / fps
            end = max(end, float(time * packet.time_base) - zero + shown)
    return end, counted
