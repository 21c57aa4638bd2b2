"""`sightline formats`: which picture and film files can be read."""

from __future__ import annotations

import click


@click.command()
def formats() -> None:
    """List the suffixes of the files that can be read: of pictures, and on a line below of films."""
    from backend.media.folder import FILM_SUFFIXES, SUFFIXES

    click.echo(" ".join(sorted(SUFFIXES)))
    click.echo(" ".join(sorted(FILM_SUFFIXES)))
