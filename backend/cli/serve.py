"""`sightline serve`: keep a model loaded, so that every session of this user finds it ready.

The command is a session like any other, one that asks nothing and stays. The engine is the process that sessions start on
their own; while one is connected it does not leave.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from backend.cli.naming import MODEL
from backend.errors import EngineFailure, UsageError
from backend.language import _, ngettext
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.engine.api import ModelSpec
    from backend.engine.running import Running
    from backend.engine.shared import SharedWorker
    from backend.engine.wire import Report


@click.command()
@click.option("--model", "-m", type=MODEL, metavar="NAME", help="A model of the catalogue; the best that fits when not given.")
@click.option(
    "--idle", type=click.FloatRange(0), metavar="MINUTES", help="Stop when no session came for so long; never unless given."
)
@click.option("--status", is_flag=True, help="List the engines that are running, and end.")
@click.option("--stop", is_flag=True, help="Stop the engines that are running (of --model, if given), and end.")
@click.option("--json", "as_json", is_flag=True, help="With --status: one JSON list.")
@click.pass_context
def serve(ctx: click.Context, model: str | None, idle: float | None, status: bool, stop: bool, as_json: bool) -> None:
    """Keep a model loaded for all sessions, until Ctrl-C.

    Sessions share one engine anyway, and leave it running for ten minutes; this keeps it for good. Ctrl-C stops the engine
    unless a session is using it.
    """
    if status and stop:
        raise UsageError(_("--status and --stop exclude each other"), cure=_("give one of them"))
    if as_json and not status:
        raise UsageError(_("--json goes with --status"), cure=_("sightline serve --status --json"))
    wanted = model or (ctx.obj or {}).get("model")
    if status:
        _list(wanted, as_json)
    elif stop:
        _stop(wanted)
    else:
        _keep(wanted, idle)


# Looking and stopping


def _found(model: str | None) -> list[Running]:
    from backend.engine.running import running

    return [engine for engine in running() if model in (None, engine.model)]


def _list(model: str | None, as_json: bool) -> None:
    engines = _found(model)
    if as_json:
        click.echo(json.dumps([engine.as_dict() for engine in engines], ensure_ascii=False, indent=2))
        return
    if not engines:
        click.echo(_("no engine is running"), err=True)
        return
    rows = [("model", "process", "state", "sessions", "answering", "memory", "up", "device"), *map(_row, engines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _row(engine: Running) -> tuple[str, ...]:
    from backend.catalog.fit import gigabytes

    minutes = int(engine.uptime_s) // 60
    up = f"{minutes // 60}:{minutes % 60:02} h" if minutes else f"{engine.uptime_s:.0f} s"
    numbers = str(engine.sessions), str(engine.answering), gigabytes(engine.memory)
    return one_line(engine.model), str(engine.pid), engine.state, *numbers, up, one_line(engine.device)


def _stop(model: str | None) -> None:
    from backend.engine.running import stop

    engines = _found(model)
    left = [engine for engine in engines if not stop(engine.pid, engine.socket)]
    for engine in engines:
        if engine not in left:
            click.echo(_("stopped {model} (process {pid})").format(model=one_line(engine.model), pid=engine.pid), err=True)
    if left:
        pids = ", ".join(str(engine.pid) for engine in left)
        raise EngineFailure(
            _("not everything could be stopped: process {pids}").format(pids=pids), cure=_("try again in a moment")
        )
    if not engines:
        click.echo(_("no engine is running"), err=True)


# Keeping


def _keep(model: str | None, idle: float | None) -> None:
    from backend.ask.loaded import is_loaded
    from backend.ask.pipeline import spec_of
    from backend.catalog import ModelStore, consider, load_catalog
    from backend.engine.opening import placed
    from backend.engine.shared import SharedWorker

    choice = consider(load_catalog(), ModelStore(), model, is_loaded=is_loaded)
    for reason in choice.passed_over:
        click.echo(_("note: {reason}").format(reason=one_line(reason)), err=True)
    spec = placed(spec_of(choice.model))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    keeper = _Keeper(SharedWorker(spec), spec, None if idle is None else idle * 60)
    try:
        keeper.stay()
    except KeyboardInterrupt:
        click.echo("", err=True)
        keeper.go()


class _Keeper:
    """Stays connected, and tells on standard error what happens."""

    def __init__(self, worker: SharedWorker, spec: ModelSpec, idle_s: float | None) -> None:
        self._worker, self._spec, self._idle_s = worker, spec, idle_s
        self._sessions = 0
        self._ready = False
        self._began = False
        self._alone: threading.Timer | None = None
        self._waited_long_enough = False

    def stay(self) -> None:
        """Returns when the engine was stopped, or when nobody came for the idle time. Raises what loading failed with."""
        from backend.engine.wire import EngineStatus, LoadFailed, LoadProgress, Ready

        for report in self._reports():
            match report:
                case LoadProgress(fraction):
                    self._tell_progress(fraction)
                case Ready(device):
                    self._ready = True
                    self._tell(
                        _("{name} is ready on {device}, process {pid}").format(
                            name=one_line(self._spec.name), device=one_line(device), pid=self._worker.pid
                        )
                    )
                    self._await_sessions()
                case EngineStatus(sessions=sessions) if sessions != self._sessions:
                    self._sessions = sessions
                    self._tell(self._who())
                    self._await_sessions()
                case LoadFailed(error) if not self._ready:
                    raise error
                case LoadFailed():
                    self._tell(_("stopped by somebody else"))
                    return
        if not self._waited_long_enough:
            raise EngineFailure(
                _("the engine ended ({epitaph})").format(epitaph=self._worker.epitaph()),
                cure=_("sightline serve starts it anew"),
            )
        self._tell(_("nobody came"))
        self.go()

    def go(self) -> None:
        """Stop the engine, unless somebody uses it."""
        from backend.engine.running import stop

        if self._alone is not None:
            self._alone.cancel()
        self._worker.close()
        if self._sessions:
            self._tell(_("left running for {who}; sightline serve --stop ends it").format(who=self._who()))
        elif stop(self._worker.pid, self._worker.path):
            self._tell("stopped")

    def _who(self) -> str:
        return ngettext("{count} session", "{count} sessions", self._sessions).format(count=self._sessions or _("no"))

    def _reports(self) -> Iterator[Report]:
        from backend.engine.wire import GarbledFrame, Watch, version

        try:
            self._worker.channel.send(Watch(version()))
            while (report := self._worker.channel.receive()) is not None:
                yield report
        except (OSError, ValueError, GarbledFrame):
            return  # it has gone, or we closed the connection under our own hands

    def _await_sessions(self) -> None:
        """Begin to wait where nobody is here, and end waiting where somebody is."""
        if self._alone is not None:
            self._alone.cancel()
        if self._idle_s is None or not self._ready or self._sessions:
            return
        self._alone = threading.Timer(self._idle_s, self._give_up)
        self._alone.daemon = True
        self._alone.start()

    def _give_up(self) -> None:
        self._waited_long_enough = True
        self._worker.close()

    def _tell_progress(self, fraction: float) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[Kloading {one_line(self._spec.name)} … {fraction:.0%}", nl=False, err=True)
        elif not self._began:
            click.echo(f"loading {one_line(self._spec.name)}", err=True)
        self._began = True

    def _tell(self, text: str) -> None:
        click.echo(f"\r\x1b[K{text}" if sys.stderr.isatty() else text, err=True)
