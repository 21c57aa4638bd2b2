"""`sightline watch`: a camera, a stream, a film or a folder, answered frame by frame until it ends or is stopped.

Standard output is data: a line for each event, or with --jsonl a JSON object for each record. The loop runs in a thread of
its own, and the main thread waits for it and for signals, so that a handler never meets a lock that its own thread holds.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend.cli.cameras import camera_options, said_of_camera
from backend.cli.choosing import chosen
from backend.cli.naming import MODEL
from backend.cli.narrator import Narrator
from backend.cli.places import lines_of, zones_of
from backend.errors import UsageError
from backend.extras import need
from backend.language import _
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.ask import Asker
    from backend.watch import Record, Watching

_ENDING = (signal.SIGINT, signal.SIGTERM)
_GLANCE_S = 0.05
"""Seconds between two looks at whether a signal came."""


@click.command()
@click.argument("source")
@click.option("--find", "-f", "finds", multiple=True, metavar="NAME", help="A thing to follow, such as “red cup”; repeat it.")
@click.option("--question", "-q", "questions", multiple=True, metavar="QUESTION", help="Asked of every frame; repeat it.")
@click.option("--zone", "zones", multiple=True, metavar="NAME=X1,Y1,X2,Y2", help="A rectangle to enter and leave, in pixels.")
@click.option("--line", "lines", multiple=True, metavar="NAME=X1,Y1,X2,Y2", help="A line to cross, in pixels.")
@click.option("--region", "regions", multiple=True, metavar="NAME", help="A found thing that others may lie in: a table.")
@click.option("--jsonl", is_flag=True, help="Print one JSON object a line: frames, events, reconnections, the end.")
@click.option(
    "--budget-ms", type=click.FloatRange(1), default=1000.0, show_default=True, metavar="MS", help="From a frame to its answer."
)
@click.option(
    "--fps", type=click.FloatRange(0, min_open=True), metavar="N", help="Frames a second that are looked at, at most."
)
@click.option("--every", is_flag=True, help="Drop nothing: every frame, however late; pictures in a folder already come first.")
@click.option("--frames", "most", type=click.IntRange(1), metavar="N", help="End after so many frames.")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), metavar="S", help="End after so long.")
@click.option(
    "--give-up-after",
    type=click.FloatRange(0),
    default=60.0,
    show_default=True,
    metavar="S",
    help="How long a camera or a stream that was lost is tried again.",
)
@click.option(
    "--patience",
    type=click.FloatRange(0.5),
    default=10.0,
    show_default=True,
    metavar="S",
    help="How long a camera or a stream may give nothing before it counts as lost.",
)
@camera_options
@click.option("--model", "-m", type=MODEL, metavar="NAME", help="A model of the catalogue; the best that fits when not given.")
@click.pass_context
def watch(
    ctx: click.Context,
    source: str,
    finds: tuple[str, ...],
    questions: tuple[str, ...],
    zones: tuple[str, ...],
    lines: tuple[str, ...],
    regions: tuple[str, ...],
    jsonl: bool,
    budget_ms: float,
    fps: float | None,
    every: bool,
    most: int | None,
    seconds: float | None,
    give_up_after: float,
    patience: float,
    fov: str | None,
    intrinsics: str | None,
    calibration: Path | None,
    model: str | None,
) -> None:
    """Watch SOURCE: a folder, a film, a camera (/dev/video0) or a stream (rtsp://…, http://…).

    Each frame is looked at within a budget; frames that come meanwhile are dropped rather than queued. What happens to the
    things that are followed, and to the answers, is told as events. Ctrl-C ends it, with everything written that is known.
    """
    if not any(text.strip() for text in (*finds, *questions)):
        raise UsageError(
            _("nothing is to be watched for"), cure=_('say what: --find "red cup", or --question "Is the door open?"')
        )
    areas, edges = zones_of(zones), lines_of(lines)
    if finds:
        need("scipy.optimize", extra="video", to=_("follow things over time"))  # now: the first frame would be late for it
    from backend.ask import Asker
    from backend.watch import Limits, Watched, Watching, open_source

    opened = open_source(source, every=every, patience=patience)
    camera = said_of_camera(ctx, fov, intrinsics, calibration).camera()
    watched = Watched(finds, questions, areas, edges, regions, camera)
    limits = Limits(budget_ms / 1000, fps, every, most, seconds, give_up_after)
    asker = Asker(chosen(ctx, model))
    try:
        _load(asker)
        teller = _Teller(jsonl)
        _run(Watching(opened, asker, watched, limits, teller.tell), teller)
    finally:
        asker.close()


def _load(asker: Asker) -> None:
    """Have the model ready before the first frame comes, which would otherwise be the last one for a while."""
    narrator = Narrator()
    try:
        for event in asker.warm():
            narrator.tell(event)
    finally:
        narrator.clear()


def _run(watching: Watching, teller: _Teller) -> None:
    """Until it ends by itself, or a signal asks for it. Raises what it ended with."""
    asked: list[int] = []
    before = {number: signal.signal(number, lambda number, _: asked.append(number)) for number in _ENDING}
    failures: list[BaseException] = []

    def loop() -> None:
        try:
            watching.run()
        except BaseException as error:  # noqa: BLE001 (raised again by whoever waits)
            failures.append(error)

    thread = threading.Thread(target=loop, name="watch", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_GLANCE_S)
            teller.look(watching)
            if len(asked) == 1:
                watching.stop()
            elif len(asked) > 1:  # asked again while it was ending: whoever reads does not
                raise KeyboardInterrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if watching.unread:
        # The reader has gone. Python would complain once more while closing standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    elif failures:
        raise failures[0]


class _Teller:
    """Writes records: `tell` in the outbox's thread, `look` in the main one."""

    def __init__(self, jsonl: bool) -> None:
        self._jsonl = jsonl
        self._narrator = Narrator()
        self._warned = False

    def tell(self, record: Record) -> None:
        """Write one record and flush it. May block, and raises OSError where nobody reads any more."""
        text = json.dumps(record.as_dict(), ensure_ascii=False) if self._jsonl else _words(record)
        if text:
            self._narrator.clear()
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
            sys.stdout.buffer.flush()

    def look(self, watching: Watching) -> None:
        """Say once what whoever started this should know."""
        if watching.hopeless and not self._warned:
            self._warned = True
            self._narrator.clear()
            click.echo(
                _(
                    "note: even the smallest frames take longer than the budget here; allow more with "
                    "--budget-ms, or use a smaller model"
                ),
                err=True,
            )


def _words(record: Record) -> str:
    """A record for people; frames are not told."""
    from backend.scene.moments import stamp
    from backend.watch import Ended, Happened, Reconnecting, Started

    match record:
        case Started():
            return _("watching {source} with {model}").format(source=one_line(record.source), model=one_line(record.model))
        case Happened(event=event):
            return f"{stamp(event.time)}  {one_line(event.text)}"
        case Reconnecting(back=True):
            return _("it is back")
        case Reconnecting():
            return _("{reason}; trying again in {wait_s:.1f} s").format(reason=one_line(record.reason), wait_s=record.wait_s)
        case Ended():
            share = _("{within_budget} of {frames} frames within the budget").format(
                within_budget=record.within_budget, frames=record.frames
            )
            return _("ended ({reason}): {share}, {dropped} dropped, {events} events").format(
                reason=record.reason, share=share, dropped=record.dropped, events=record.events
            )
        case _:
            return ""
