"""`sightline completion`: what makes a shell complete commands, options, models, tasks and files at Tab."""

from __future__ import annotations

import click

from backend.errors import UsageError
from backend.language import _

VARIABLE = "_SIGHTLINE_COMPLETE"
"""By which the shell's script asks the program what fits; click's own name for it."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a SHELL; its start-up file is the place for it.

    \b
    bash   eval "$(sightline completion bash)"        in ~/.bashrc (bash 4.4 or newer)
    zsh    eval "$(sightline completion zsh)"         in ~/.zshrc, below compinit
    fish   sightline completion fish | source         in ~/.config/fish/config.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(_("no completion is known for {shell}").format(shell=shell), cure=_("use bash, zsh or fish"))
    root = ctx.find_root().command
    click.echo(kind(root, {}, "sightline", VARIABLE).source())
