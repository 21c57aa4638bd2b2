"""`sightline demo`: the app on bundled scenes, or drawn material with its truth, written to try things on."""

from __future__ import annotations

from pathlib import Path

import click

from backend.cli.request import AppRequest
from backend.language import _
from backend.sanitise import one_line


@click.command()
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write pictures, stereo pairs and films with their truth there instead.",
)
@click.option("--only", "names", multiple=True, metavar="NAME", help="Of what can be written only this; repeat it.")
@click.pass_context
def demo(ctx: click.Context, folder: Path | None, names: tuple[str, ...]) -> None:
    """Open the app on the bundled sample scenes with the demo model.

    With --write, draw material that every command can be tried on: each kind lies in a folder of its own, beside a truth.json.
    """
    if folder is None:
        from backend.cli.main import open_in_terminal

        open_in_terminal(
            ctx,
            AppRequest((), "demo", demo=True, camera=ctx.obj["camera"].camera(), new=ctx.obj["new"], resume=ctx.obj["resume"]),
        )
        return
    from backend.synthetic.material import chosen

    for kind in chosen(names):
        written = kind.write(folder / kind.name)
        click.echo(
            _("{folder}: {about} ({count} files)").format(
                folder=one_line(str(folder / kind.name)), about=kind.about, count=len(written)
            )
        )
