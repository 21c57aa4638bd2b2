"""Things followed through a film, as `sightline track` follows them: a question for each of them in each frame, and the tracks
and events that geometry makes of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from backend.ask import Asker
from backend.errors import QuestionCancelled, SightlineError
from backend.export.palette import colour_of
from backend.extras import need
from backend.language import _, ngettext
from backend.sanitise import one_line
from backend.scene.moments import stamp
from tui.preview.trails import Trails
from tui.preview.views import View
from tui.studies.study import Row
from tui.studies.studying import Say

if TYPE_CHECKING:
    from backend.spatial.tracks import Event, Track


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be followed, and where in the film."""

    names: tuple[str, ...]
    fps: float | None = None
    """Frames a second that are looked at; the usual ones of `sightline track` where None."""
    start: float | None = None
    end: float | None = None
    """Seconds; the film's own where None."""


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """What came of it."""

    film: Path
    wish: Wish
    tracks: Sequence[Track]
    events: Sequence[Event]
    times: Sequence[float]
    """Of the frames that were looked at, seconds."""
    notes: Sequence[str] = ()
    complete: bool = True

    @property
    def view(self) -> View:
        return View.TRACKS

    @property
    def pictures(self) -> tuple[Path, ...]:
        return (self.film,)

    @property
    def said(self) -> str:
        frames, tracks, events = len(self.times), len(self.tracks), len(self.events)
        if not tracks:
            return _("nothing was found often enough to be followed")
        said = _("{tracks} followed through {frames}, {events}").format(
            tracks=ngettext("{count} thing", "{count} things", tracks).format(count=tracks),
            frames=ngettext("{count} frame", "{count} frames", frames).format(count=frames),
            events=ngettext("{count} event", "{count} events", events).format(count=events),
        )
        return said if self.complete else _("{said}; it was stopped at {time}").format(said=said, time=stamp(self.times[-1]))

    @property
    def rows(self) -> Sequence[Row]:
        """What happened, in the order of time, then each track."""
        places = {track.id: at for at, track in enumerate(self.tracks)}
        rows = []
        for event in sorted(self.events, key=lambda event: event.time):
            lit = frozenset(places[id_] for id_ in event.tracks if id_ in places)
            first = places.get(event.tracks[0]) if event.tracks else None
            colour = None if first is None else colour_of(first)
            rows.append(Row(event.tracks[0] if event.tracks else "", event.text, stamp(event.time), colour, lit, event.time))
        for at, track in enumerate(self.tracks):
            words = _("{name}: until {time}, seen in {count} frames, {speed:.3f} widths/s").format(
                name=one_line(track.label, 40), time=stamp(track.end), count=len(track.seen), speed=track.mean_speed
            )
            rows.append(Row(track.id, words, stamp(track.begin), colour_of(at), frozenset((at,)), track.begin))
        return rows

    @property
    def happened(self) -> Sequence[tuple[float, int]]:
        places = {track.id: at for at, track in enumerate(self.tracks)}
        return [(event.time, places[event.tracks[0]]) for event in self.events if event.tracks and event.tracks[0] in places]

    def shown_on(self, _picture: Path, /) -> Path:
        return self.film

    def drawn(self, _picture: Path, time: float, /) -> Trails:
        return Trails(self.tracks, time)

    @property
    def kept(self) -> Mapping[str, Any]:
        """Everything; times unrounded, as frames are found by them."""
        return {
            "wish": {"names": list(self.wish.names), "fps": self.wish.fps, "start": self.wish.start, "end": self.wish.end},
            "tracks": [
                {
                    "id": track.id,
                    "label": track.label,
                    "width": track.width,
                    "observations": [{**one.as_dict(), "time": one.time} for one in track.observations],
                }
                for track in self.tracks
            ],
            "events": [{**event.as_dict(), "time": event.time, "known_at": event.known_at} for event in self.events],
            "times": list(self.times),
            "notes": list(self.notes),
            "complete": self.complete,
        }

    @property
    def hashes(self) -> tuple[str, ...]:
        """None: of a film only frames are hashed."""
        return ()

    @classmethod
    def of_kept(cls, film: Path, told: Mapping[str, Any]) -> Self:
        """From its `kept`. Raises what a dictionary that is none raises."""
        from backend.spatial.tracks import Event, EventKind, Observation, Track

        wish = told["wish"]
        tracks = [
            Track(
                str(one["id"]),
                str(one["label"]),
                tuple(
                    Observation(seen["time"], tuple(seen["bbox"]), seen["confidence"], seen["interpolated"])
                    for seen in one["observations"]
                ),
                one["width"],
            )
            for one in told["tracks"]
        ]
        events = [
            Event(
                EventKind(one["kind"]),
                one["time"],
                one["known_at"],
                tuple(one["tracks"]),
                tuple(one["labels"]),
                str(one["text"]),
                one["detail"],
            )
            for one in told["events"]
        ]
        return cls(
            film,
            Wish(tuple(wish["names"]), wish["fps"], wish["start"], wish["end"]),
            tracks,
            events,
            tuple(told["times"]),
            tuple(told["notes"]),
            bool(told["complete"]),
        )


def follow(asker: Asker, film: Path, wish: Wish, say: Say) -> tuple[Followed | None, SightlineError | None]:
    """To the end, or to what ended it early: then what is known, which has cost its time. Raises where that is nothing."""
    from backend.ask.seeking import sought
    from backend.media.footage import opened
    from backend.spatial.tracks import EventFinder, Tracker

    need("scipy.optimize", extra="video", to="follow things over time")  # now: a model's answers would be lost for it
    times: list[float] = []
    events: list[Event] = []
    failure: SightlineError | None = None
    say(_("opening the film"))
    with opened(film, wish.fps, wish.start, wish.end) as footage:
        tracker, finder = Tracker(*footage.size), EventFinder(*footage.size)
        count, began = len(footage.times), monotonic()
        try:
            for picture in footage.frames(footage.times):
                say(_progress(len(times), count, (monotonic() - began) / max(1, len(times)), len(events)))
                boxes = sought(asker, picture, wish.names, lambda _event: say(None))
                assert picture.time is not None
                times.append(picture.time)
                events += finder.update(tracker.update(picture.time, boxes))
        except SightlineError as error:
            if not times:
                raise
            failure = error
        made = Followed(film, wish, tracker.finish(), events, times, footage.notes, complete=failure is None)
    return made, None if isinstance(failure, QuestionCancelled) else failure


def _progress(done: int, count: int, each: float, events: int) -> str:
    """`each`: seconds that a frame has taken so far."""
    said = _("following: frame {done} of {count}").format(done=done + 1, count=count)
    if done:
        said += _(", {left:.0f} s left").format(left=each * (count - done))
    if events:
        said += ", " + ngettext("{count} event", "{count} events", events).format(count=events)
    return said
