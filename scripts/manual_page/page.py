"""sightline(1): every command with its arguments and options, exit codes, and where things are kept."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from inspect import cleandoc

import click

from backend.cli.localised import localised
from backend.cli.main import _COMMANDS, EXIT_CODES, sightline

from .roff import bold, escaped, italic, paragraphs

FILES = {
    "~/.config/sightline/config.toml": "what you prefer: language, theme, graphics, keys (docs/configuration.md)",
    "~/.config/sightline/models.toml": "your own models, and changes to those that are known",
    "~/.config/sightline/tasks.toml": "your own tasks",
    "~/.config/sightline/presets.toml": "your own questions that one key asks together",
    "~/.local/share/sightline": "downloaded models, and the journal of what was asked",
    "~/.cache/sightline": "what the vision tower made of pictures; may be deleted at any time",
}
"""On Linux, unless XDG_CONFIG_HOME and its like say otherwise."""


def written(version: str) -> str:
    """The whole page, in the language in use."""
    localised(sightline)
    return "\n".join([*_head(version), *_commands(), *_tail()]) + "\n"


def _head(version: str) -> Iterator[str]:
    yield f'.TH SIGHTLINE 1 "" "sightline {escaped(version)}" "User Commands"'
    yield ".SH NAME"
    yield "sightline \\- ask pictures where things are, and see the evidence"
    yield ".SH SYNOPSIS"
    for usage in ("[PATH]…", "ask QUESTION PICTURE…", "COMMAND …"):
        yield f".B sightline\n{italic(usage)}\n.br"
    yield ".SH DESCRIPTION"
    yield from _described(sightline)
    yield ".SH OPTIONS"
    yield from _options(sightline)


def _commands() -> Iterator[str]:
    yield ".SH COMMANDS"
    for name, (module, attribute, _line) in _COMMANDS.items():
        yield from _command(f"sightline {name}", localised(getattr(importlib.import_module(module), attribute)))


def _command(path: str, command: click.Command) -> Iterator[str]:
    yield f".SS {bold(path)} {italic(_usage(path, command))}".rstrip()
    yield from _described(command)
    yield from _options(command)
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            if not below.hidden:
                yield from _command(f"{path} {name}", below)


def _usage(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path.rpartition(" ")[2])
    return " ".join(command.collect_usage_pieces(context))


def _described(command: click.Command) -> Iterator[str]:
    for paragraph in paragraphs(cleandoc(command.help or "")):
        yield f".PP\n{paragraph}"


def _options(command: click.Command) -> Iterator[str]:
    context = click.Context(command)
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record is not None:
            yield f".TP\n{bold(record[0])}\n{escaped(' '.join(record[1].split()))}"


def _tail() -> Iterator[str]:
    yield ".SH EXIT STATUS"
    for one in EXIT_CODES.removeprefix("Exit codes: ").rstrip(".").split(", "):
        code, _, meaning = one.partition(" ")
        yield f".TP\n{bold(code)}\n{escaped(meaning)}"
    yield ".SH FILES"
    for path, what in FILES.items():
        yield f".TP\n{italic(path)}\n{escaped(what)}"
    yield ".SH SEE ALSO"
    yield escaped("The README and the pages in docs/guide; sightline doctor reports what an installation can do.")
