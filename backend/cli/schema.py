"""`sightline schema`: what the JSON of an answer looks like, for programs that read it."""

from __future__ import annotations

import json

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of what `sightline ask --json` prints."""
    from backend.schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
