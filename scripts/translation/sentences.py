"""Every sentence that the program can say: those marked in its code, and those of commands, actions and settings."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file

from backend.language import DOMAIN

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
_CLICK = ("core.py", "decorators.py", "exceptions.py", "formatting.py", "parser.py", "types.py")
"""Of click's modules, those whose sentences a user of the command line can meet."""


def collected() -> Catalog:
    """A catalogue without translations. Line numbers are left out: they would change with every commit."""
    catalogue = Catalog(project=DOMAIN, charset="utf-8", fuzzy=False)
    for room in ("backend", "tui"):
        for name, _line, message, _comments, _context in extract_from_dir(
            ROOT / room, [("**.py", "python")], keywords=KEYWORDS, callback=None
        ):
            catalogue.add(message, locations=[(f"{room}/{name}", 0)])
    for message, where in _unmarked():
        catalogue.add(message, locations=[(where, 0)])
    import click

    for module in _CLICK:
        for _line, message, _comments, _context in extract_from_file("python", Path(click.__file__).with_name(module)):
            catalogue.add(message, locations=[("click", 0)])
    return catalogue


def _unmarked() -> Iterator[tuple[str, str]]:
    """What stands in tables that are translated where they are shown."""
    from backend.catalog import load_catalog
    from backend.catalog.depth import depth_cards
    from backend.cli.localised import texts
    from backend.cli.main import _COMMANDS, sightline
    from tui.actions import ACTIONS, Where
    from tui.presets import presets

    nobody = Path(os.devnull)
    notes = [card.note for card in load_catalog(user=nobody).cards] + [card.note for card in depth_cards(user=nobody)]
    for note in filter(None, notes):
        yield note, "models.toml"
    for preset in presets():
        yield preset.label, "tui/presets.toml"
        yield preset.help, "tui/presets.toml"
    for part in Where:
        yield part.value, "tui/actions"
    for action in ACTIONS:
        yield action.label, "tui/actions"
        yield action.help, "tui/actions"
    for text in texts(sightline):
        yield text, "backend/cli/main.py"
    for module, attribute, line in _COMMANDS.values():
        where = f"{module.replace('.', '/')}.py"
        yield line, "backend/cli/main.py"
        for text in texts(getattr(importlib.import_module(module), attribute)):
            yield text, where
