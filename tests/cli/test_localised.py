"""The help of the command line in the user's language, with the values in the right places."""

from __future__ import annotations

import click

from backend import language
from backend.cli.ask import ask
from backend.cli.localised import localised, texts


@click.group(help="Above.", epilog="At the end.")
def above() -> None:
    """A group."""


@above.command(short_help="Short.")
@click.option("--one", help="An option.")
@click.option("--silent")
@click.argument("name")
def below(one: str, silent: str, name: str) -> None:
    """A command.

    With two paragraphs.
    """


def test_every_sentence_of_a_tree_of_commands_is_found() -> None:
    assert set(texts(above)) == {"Above.", "At the end.", "Short.", "A command.\n\nWith two paragraphs.", "An option."} | {
        parameter.help
        for command in (above, below)
        for parameter in command.params
        if isinstance(parameter, click.Option) and parameter.help
    }


def test_in_english_a_command_stays_as_it_is() -> None:
    before = list(texts(above))
    assert list(texts(localised(above))) == before


def test_one_language_after_the_other_in_one_process() -> None:
    language.use("zh_CN")
    assert "回答问题" in str(localised(ask).help)
    language.use("en")
    assert "Answer QUESTION" in str(localised(ask).help)
