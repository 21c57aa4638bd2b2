"""`sightline formats`: which picture files can be read."""

from __future__ import annotations

import click


@click.command()
def formats() -> None:
    """List the suffixes of the picture files that can be read."""
    from backend.media.folder import SUFFIXES

    click.echo(" ".join(sorted(SUFFIXES)))
