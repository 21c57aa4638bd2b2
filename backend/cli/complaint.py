"""What went wrong, on standard error, always in the same two lines: what happened, and what to do."""

from __future__ import annotations

import click

from backend.errors import SightlineError
from backend.sanitise import lines, one_line


def report(error: SightlineError, of: str = "") -> int:
    """Say what happened (`of`: to which of several things) and what to do; returns the exit code."""
    click.echo(f"sightline: {of}{': ' if of else ''}{lines(error.message)}", err=True)
    if error.cure:
        click.echo(f"  → {one_line(error.cure)}", err=True)
    return error.exit_code
