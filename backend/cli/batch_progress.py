"""How a batch is getting on, and what came of it: a line on standard error that is drawn over, and the summary.

Where standard error is no terminal nothing is told on the way, unless --progress json wants an object a second.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
import unicodedata
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from backend.language import N_, _, ngettext
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.batch.running import Run
    from backend.batch.tally import Tally

PROGRESS = ("auto", "json", "none")
_DRAWN_S, _TOLD_S = 0.2, 1.0
"""Between two lines in a terminal, and between two objects."""
_VERDICTS = {
    "confirmed": N_("{count} confirmed"),
    "contradicted": N_("{count} contradicted"),
    "undetermined": N_("{count} undetermined"),
    "unchecked": N_("{count} not checked"),
}
_MOST_REASONS = 10
"""That the summary lists; the JSON has all."""
_LONGEST = 60


class Progress:
    """Tells how far a run is. Belongs to one thread."""

    def __init__(self, kind: str, total: Callable[[], int] | None) -> None:
        """`total` counts all items, which takes a while; None where nobody can know."""
        self._live = kind == "auto" and sys.stderr.isatty()
        self._as_json = kind == "json"
        self._told_at = float("-inf")
        self._shown = False
        self._total: int | None = None
        if total is not None and (self._live or self._as_json):
            Thread(target=self._count, args=(total,), name="batch-count", daemon=True).start()

    def show(self, tally: Tally, run: Run) -> None:
        """Where it stands, if it is time to say so."""
        now = time.monotonic()
        if now - self._told_at < (_DRAWN_S if self._live else _TOLD_S):
            return
        self._told_at = now
        if self._as_json:
            click.echo(json.dumps(self._facts(tally, run)), err=True)
        elif self._live:
            self._draw(self._line(tally, run))

    def note(self, message: str) -> None:
        """A sentence that stays, above the progress; in a pipe as well."""
        self.close()
        click.echo(one_line(message), err=True)

    def close(self) -> None:
        """Wipe the line."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._shown = False

    def _count(self, total: Callable[[], int]) -> None:
        self._total = total()

    def _draw(self, line: str) -> None:
        click.echo(f"\r\x1b[K{_cut(line, shutil.get_terminal_size().columns - 1)}", nl=False, err=True)
        self._shown = True

    def _facts(self, tally: Tally, run: Run) -> dict[str, Any]:
        done = run.skipped.answered + run.skipped.failed + tally.items
        left = None if self._total is None else max(0, self._total - done)
        rate = tally.recent_rate
        return {
            "done": done,
            "total": self._total,
            "answered": tally.answered,
            "failed": tally.failed,
            "items_per_s": round(rate, 3),
            "eta_s": round(left / rate) if left is not None and rate else None,
            "models_set_aside": [station.name for station in run.stations if station.aside is not None],
        }

    def _line(self, tally: Tally, run: Run) -> str:
        facts = self._facts(tally, run)
        total, rate = facts["total"], facts["items_per_s"]
        parts = [
            f"{facts['done']:,}" if total is None else f"{facts['done']:,}/{total:,}  {100 * facts['done'] // max(1, total)} %"
        ]
        parts.append(_("{rate:.3g} a second").format(rate=rate) if rate else _("loading the model …"))
        if facts["eta_s"] is not None:
            parts.append(_("{duration} left").format(duration=duration(facts["eta_s"], tenths=False)))
        if tally.failed:
            parts.append(_("{failed} failed").format(failed=tally.failed))
        parts += [_("{name} set aside").format(name=one_line(name)) for name in facts["models_set_aside"]]
        return "  ".join(parts)


def print_summary(tally: Tally, run: Run, *, interrupted: bool, as_json: bool) -> None:
    """What came of it, on standard output."""
    skipped = run.skipped
    aside = {station.name: station.aside.message for station in run.stations if station.aside is not None}
    if as_json:
        told = tally.as_dict() | {
            "answered_before": skipped.answered,
            "failed_before": skipped.failed,
            "retries": run.retries,
            "models_set_aside": aside,
            "interrupted": interrupted,
        }
        click.echo(json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace"))
        return
    count = ngettext("{count} answer", "{count} answers", tally.answered).format(count=f"{tally.answered:,}")
    seconds = tally.seconds
    pace = _("{answers} in {duration}: {rate:.3g} items a second, {tokens:.0f} tokens a second")
    click.echo(
        pace.format(answers=count, duration=duration(seconds), rate=tally.rate, tokens=tally.tokens / max(seconds, 1e-9))
    )
    found = _found(tally)
    for line in (
        _("found: {found}").format(found=", ".join(found)) if found else "",
        _("verdicts: {verdicts}").format(verdicts=_verdicts(tally)) if tally.verdicts else "",
        _("by model: {models}").format(models=_models(tally)) if len(run.stations) > 1 else "",
        _("done before: {answered}").format(answered=f"{skipped.answered:,}") if skipped.answered else "",
        _("failed before: {failed} (--retry-failed asks again)").format(failed=f"{skipped.failed:,}") if skipped.failed else "",
    ):
        if line:
            click.echo(f"  {line}")
    for took, path, question in tally.slowest[:1]:
        slow = _("slowest: {seconds:.1f} s, {path}, “{question}”")
        click.echo(f"  {slow.format(seconds=took, path=one_line(path, _LONGEST), question=one_line(question, _LONGEST))}")
    for reason, number in tally.reasons.most_common(_MOST_REASONS):
        click.echo(f"  {_('failed: {number} × {reason}').format(number=number, reason=one_line(reason))}")
    for name, message in aside.items():
        click.echo(f"  {_('{name} was set aside: {message}').format(name=one_line(name), message=one_line(message))}")
    if interrupted:
        click.echo(_("interrupted; the same command goes on from here"), err=True)


def _found(tally: Tally) -> list[str]:
    made = (
        (tally.boxes, ngettext("{count} box", "{count} boxes", tally.boxes)),
        (tally.points, ngettext("{count} point", "{count} points", tally.points)),
        (tally.boxes3d, ngettext("{count} 3D box", "{count} 3D boxes", tally.boxes3d)),
    )
    return [said.format(count=f"{count:,}") for count, said in made if count]


def _verdicts(tally: Tally) -> str:
    return ", ".join(
        _(said).format(count=f"{tally.verdicts[name]:,}") for name, said in _VERDICTS.items() if tally.verdicts[name]
    )


def _models(tally: Tally) -> str:
    return ", ".join(f"{one_line(name)} {number:,}" for name, number in tally.stations.most_common())


def duration(seconds: float, *, tenths: bool = True) -> str:
    """For people: to a tenth below ten seconds, where that is wanted, and to the minute above an hour."""
    if tenths and seconds < 10:
        return _("{seconds:.1f} s").format(seconds=seconds)
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return _("{hours} h {minutes:02d} min").format(hours=minutes // 60, minutes=minutes % 60)
    return _("{minutes} min {rest:02d} s").format(minutes=minutes, rest=rest) if minutes else f"{rest} s"


def _cut(line: str, columns: int) -> str:
    """As much of the line as fits; wide characters take two columns."""
    used = 0
    for at, char in enumerate(line):
        used += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used > columns:
            return line[:at]
    return line
