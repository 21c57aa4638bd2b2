"""`sightline track`: things followed through a film, what happens to them, and where they went.

Standard output is data: a line for each event as soon as it is known, then a line for each track; or JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from backend.cli.choosing import chosen
from backend.cli.films import time_of
from backend.cli.naming import MODEL
from backend.cli.narrator import Narrator
from backend.cli.places import lines_of, zones_of
from backend.errors import QuestionCancelled, SightlineError, UsageError
from backend.extras import need
from backend.language import _
from backend.sanitise import one_line, quoted

if TYPE_CHECKING:
    from backend.media.box_file import BoxFile
    from backend.media.footage import Footage
    from backend.scene import Box, Picture
    from backend.spatial.tracks import Event, EventFinder, Track, Tracker

    Found = Generator[tuple[float, list[Box]], None, None]
    """Frame by frame its time, seconds, and what was found in it."""

SCHEMA = 1
"""Of the JSON: keys may be added to it, never renamed or removed."""


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--find", "-f", "finds", multiple=True, metavar="NAME", help="A thing to follow, such as “red cup”; repeat it.")
@click.option(
    "--boxes",
    "box_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Follow the boxes in this JSON file instead of asking a model; with --find only these.",
)
@click.option(
    "--fps",
    type=click.FloatRange(0, min_open=True),
    metavar="F",
    help="Of a film, look at F frames a second (5). Of a folder of frames: so many a second they are (10).",
)
@click.option("--from", "start", type=time_of, metavar="TIME", help="Begin at this time: 12.4, or 01:12.40 …")
@click.option("--to", "end", type=time_of, metavar="TIME", help="… and end at this one.")
@click.option(
    "--gap",
    type=click.FloatRange(0),
    default=2.0,
    show_default=True,
    metavar="S",
    help="Seconds for which a thing may go unseen and still be the same one.",
)
@click.option("--zone", "zones", multiple=True, metavar="NAME=X1,Y1,X2,Y2", help="A rectangle to enter and leave, in pixels.")
@click.option("--line", "edges", multiple=True, metavar="NAME=X1,Y1,X2,Y2", help="A line to cross, in pixels.")
@click.option("--region", "regions", multiple=True, metavar="NAME", help="A found thing that others may lie in: a table.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: tracks with every observation, and events.")
@click.option(
    "--jsonl", is_flag=True, help="Print one JSON object a line: events as they are known, then tracks, then the end."
)
@click.option(
    "--export",
    "target",
    type=click.Path(path_type=Path),
    metavar="DIR|FILM",
    help="Write the frames with their tracks drawn in, as pictures in a folder or as a film (.mp4).",
)
@click.option("--model", "-m", type=MODEL, metavar="NAME", help="A model of the catalogue; the best that fits when not given.")
@click.pass_context
def track(
    ctx: click.Context,
    source: Path,
    finds: tuple[str, ...],
    box_file: Path | None,
    fps: float | None,
    start: float | None,
    end: float | None,
    gap: float,
    zones: tuple[str, ...],
    edges: tuple[str, ...],
    regions: tuple[str, ...],
    as_json: bool,
    jsonl: bool,
    target: Path | None,
    model: str | None,
) -> None:
    """Follow things through SOURCE: a film, or a folder of its frames.

    Each frame is a question for each --find, and reading a frame is most of its cost. Speeds are picture widths a second.
    """
    names = tuple({name.strip().casefold(): name.strip() for name in finds if name.strip()}.values())
    if not names and box_file is None:
        raise UsageError(_("nothing is to be followed"), cure=_('say what: --find "red cup", or --boxes FILE'))
    if as_json and jsonl:
        raise UsageError(_("--json and --jsonl exclude each other"), cure=_("give one of them"))
    if not source.exists():
        raise UsageError(_("there is no film or folder {source}").format(source=quoted(source)), cure=_("give one that exists"))
    areas, gates = zones_of(zones), lines_of(edges)
    if target is not None:
        from backend.export.trails import check_export

        check_export(target, source)
    from backend.media.footage import opened
    from backend.spatial.tracks import EventFinder, Rules, Tracker

    need("scipy.optimize", extra="video", to=_("follow things over time"))  # now: a model's answers would be lost for it
    told = None if box_file is None else _read(box_file, source)
    if fps is None and told is not None and source.is_dir():
        fps = told.fps
    with opened(source, fps, start, end) as footage:
        for note in footage.notes:
            click.echo(_("note: {note}").format(note=one_line(note)), err=True)
        if told is None:
            found = _asked(ctx, footage, names, model)
        else:
            _check_size(told, footage.size, source)
            found = _Part(names, start, end).of(told)
        tracker = Tracker(*footage.size, Rules(gap=gap))
        finder = EventFinder(*footage.size, zones=areas, lines=gates, regions=regions)
        teller = _Teller(source, footage.size, as_json=as_json, jsonl=jsonl)
        failure = _follow(found, tracker, finder, teller)
        tracks = tracker.finish()
        teller.end(tracks, complete=failure is None)  # what is known has cost its time
        if failure is not None:
            raise failure
        if target is not None:
            _export(target, footage, teller.times, tracks)


def _follow(found: Found, tracker: Tracker, finder: EventFinder, teller: _Teller) -> SightlineError | None:
    """Frame by frame to the end, or to what ended it early. Raises that where no frame was looked at before."""
    with closing(found):
        try:
            for time, boxes in found:
                teller.looked(time)
                for event in finder.update(tracker.update(time, boxes)):
                    teller.happened(event)
        except SightlineError as error:
            failure = error
        except KeyboardInterrupt:
            failure = QuestionCancelled(_("cancelled"))
        else:
            return None
    if not teller.times:
        raise failure
    return failure


def _asked(ctx: click.Context, footage: Footage, names: Sequence[str], model: str | None) -> Found:
    """What the model finds in each frame; what it costs is said before and after."""
    from backend.ask import Asker
    from backend.ask.seeking import sought

    count = len(footage.times)
    asker, narrator = Asker(chosen(ctx, model)), Narrator()
    try:
        for event in asker.warm():
            narrator.tell(event)
        narrator.clear()
        click.echo(
            _("{count} frames, {count_2} things: {count_3} questions, each frame read anew").format(
                count=count, count_2=len(names), count_3=count * len(names)
            ),
            err=True,
        )
        began, done = perf_counter(), 0
        for picture in footage.frames(footage.times):
            each = (perf_counter() - began) / done if done else 0.0
            left = f", {each:.2f} s each, {each * (count - done):.0f} s left" if done else ""
            narrator.say(f"frame {done + 1}/{count}{left}")
            boxes = sought(asker, picture, names)
            done += 1
            narrator.clear()
            yield _time(picture), boxes
        click.echo(
            _("{done} frames in {began:.1f} s, {began_2:.2f} s each").format(
                done=done, began=perf_counter() - began, began_2=(perf_counter() - began) / max(1, done)
            ),
            err=True,
        )
    finally:
        narrator.clear()
        asker.close()


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a file of boxes is followed: these names, or all where none is given, between these times."""

    names: Sequence[str]
    start: float | None
    end: float | None

    def of(self, told: BoxFile) -> Found:
        wanted = {name.strip().casefold() for name in self.names}
        for frame in told.frames:
            if (self.start is None or frame.time >= self.start) and (self.end is None or frame.time <= self.end):
                yield frame.time, [box for box in frame.boxes if not wanted or box.label.strip().casefold() in wanted]


def _read(path: Path, source: Path) -> BoxFile:
    from backend.media.box_file import read_boxes

    return read_boxes(path, source.name)


def _check_size(told: BoxFile, size: tuple[int, int], source: Path) -> None:
    if told.size is not None and told.size != size:
        (width, height), (across, down) = told.size, size
        raise UsageError(
            _("the boxes are of pictures of {width}×{height}, and {source} is {across}×{down}").format(
                width=width, height=height, source=quoted(source), across=across, down=down
            ),
            cure=_("give the boxes of this film"),
        )


def _export(target: Path, footage: Footage, times: Sequence[float], tracks: Sequence[Track]) -> None:
    from backend.export.trails import export_tracks

    spans = times[-1] - times[0] if times else 0.0
    rate = (len(times) - 1) / spans if spans > 0 else 1.0
    count = export_tracks(target, footage.frames(times), tracks, rate)
    click.echo(_("saved {target} ({count} frames)").format(target=one_line(str(target)), count=count), err=True)


def _time(picture: Picture) -> float:
    assert picture.time is not None
    return picture.time


class _Teller:
    """Prints what is known when it is known."""

    def __init__(self, source: Path, size: tuple[int, int], *, as_json: bool, jsonl: bool) -> None:
        self._source, self._size = source, size
        self._as_json, self._jsonl = as_json, jsonl
        self._events: list[Event] = []
        self.times: list[float] = []
        """Of the frames that were looked at."""

    def looked(self, time: float) -> None:
        self.times.append(time)

    def happened(self, event: Event) -> None:
        self._events.append(event)
        if self._jsonl:
            _print({"type": "event", **event.as_dict()})
        elif not self._as_json:
            from backend.scene.moments import stamp

            click.echo(f"{stamp(event.time)}  {one_line(event.text)}")
            sys.stdout.flush()

    def end(self, tracks: Sequence[Track], *, complete: bool) -> None:
        """`complete`: every frame was looked at."""
        about = {"schema": SCHEMA, "source": str(self._source), "width": self._size[0], "height": self._size[1]}
        frames = {"frames": len(self.times), "complete": complete}
        if self._as_json:
            events = [event.as_dict() for event in self._events]
            _print({**about, **frames, "tracks": [one.as_dict() for one in tracks], "events": events})
        elif self._jsonl:
            for one in tracks:
                _print({"type": "track", **one.as_dict()})
            _print({"type": "end", **about, **frames, "tracks": len(tracks), "events": len(self._events)})
        else:
            for one in tracks:
                click.echo(_line(one))
            if not tracks:
                click.echo(_("nothing was found often enough to be followed"), err=True)


def _line(one: Track) -> str:
    from backend.scene.moments import stamp

    seen = len(one.seen)
    filled = len(one.observations) - seen
    between = _(", {filled} filled in").format(filled=filled) if filled else ""
    name = one_line(one.label, 40)
    return _(
        "{id:<4}{name}  {stamp} to {stamp_2}  seen in {seen} frames{between}  {mean_speed:.3f} widths/s on average"
    ).format(
        id=one.id,
        name=name,
        stamp=stamp(one.begin),
        stamp_2=stamp(one.end),
        seen=seen,
        between=between,
        mean_speed=one.mean_speed,
    )


def _print(told: dict[str, Any]) -> None:
    # A file name that is no Unicode holds lone surrogates; as a backslash escape they are valid JSON.
    click.echo(json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
