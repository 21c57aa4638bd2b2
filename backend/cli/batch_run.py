"""A batch carried out: outcomes into the ledger as they come, signals, the summary, and the exit code that tells."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import click

from backend.answer import Answer
from backend.batch.ledger import Ledger
from backend.batch.running import Run
from backend.batch.tally import Tally
from backend.batch.work import Outcome, Parameters
from backend.cli.batch_progress import Progress, print_summary
from backend.errors import SightlineError, UsageError
from backend.language import _

SOME_FAILED, INTERRUPTED = 6, 130
"""Exit codes: the run came to its end and could not answer everything; the user ended it."""
_ENDING = (signal.SIGINT, signal.SIGTERM)


def carry_out(run: Run, ledger: Ledger, parameters: Parameters, progress: Progress, *, memory: bool, as_json: bool) -> int:
    """Drain the run; the exit code. Raises Unwritable, and what ended it where no model was left or nothing was found."""
    tally, remembering = Tally(), memory and _is_wanted()
    try:
        with _signals() as asked:
            run.start()
            for outcome in run.outcomes():
                if len(asked) == 1 and not run.stopping:
                    run.stop()
                    progress.note(_("finishing what is being answered; Ctrl-C again stops at once"))
                elif len(asked) > 1:
                    run.abandon()
                    break
                _take(outcome, ledger, parameters, tally, remembering=remembering)
                progress.show(tally, run)
            ledger.commit()
            interrupted = bool(asked)
    except SightlineError:
        if tally.items:
            print_summary(tally, run, interrupted=False, as_json=as_json)
        raise
    finally:
        progress.close()
        run.close()
    skipped = run.skipped
    if not interrupted and not skipped.listed:
        raise UsageError(
            _("there is no picture and no film in what was named"),
            cure=_("name another folder; --recursive looks into the folders inside as well"),
        )
    print_summary(tally, run, interrupted=interrupted, as_json=as_json)
    if interrupted:
        return INTERRUPTED
    return SOME_FAILED if tally.failed or skipped.failed else 0


def _take(outcome: Outcome | None, ledger: Ledger, parameters: Parameters, tally: Tally, *, remembering: bool) -> None:
    if outcome is None:
        ledger.commit_due()
        return
    ledger.append(outcome, parameters)
    ledger.commit_due()
    tally.count(outcome)
    if remembering and isinstance(outcome.end, Answer):
        from backend.cli.history import keep_answers

        keep_answers([outcome.end], ())


def _is_wanted() -> bool:
    from backend.memory.journal import is_wanted

    if not is_wanted():
        click.echo(_("note: SIGHTLINE_MEMORY=off, so that --memory has no effect"), err=True)
    return is_wanted()


@contextmanager
def _signals() -> Iterator[list[int]]:
    """The signals that asked for an end, as they come, until the block is left. What a shell has this program ignore, because
    it started it in the background, stays ignored."""
    asked: list[int] = []
    heard = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda number, __: asked.append(number)) for number in heard}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
