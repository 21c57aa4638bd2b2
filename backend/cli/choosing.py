"""Which model a command asks: the one that is named, else the best that is installed and fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backend.language import _
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.catalog import InstalledModel


def chosen(ctx: click.Context, name: str | None) -> InstalledModel:
    """The model of the command's own --model, else of the program's, else the best; why better ones are not it is said on
    standard error. Raises ModelError where there is none."""
    from backend.ask.loaded import is_loaded
    from backend.catalog import ModelStore, consider, load_catalog

    choice = consider(load_catalog(), ModelStore(), name or (ctx.obj or {}).get("model"), is_loaded=is_loaded)
    for reason in choice.passed_over:
        click.echo(_("note: {reason}").format(reason=one_line(reason)), err=True)
    return choice.model
