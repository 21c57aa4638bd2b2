"""Whether a model is in memory already: one that another session has loaded fits, however little memory it left free."""

from __future__ import annotations

from backend.ask.pipeline import spec_of
from backend.catalog.card import InstalledModel
from backend.engine.opening import is_running


def is_loaded(model: InstalledModel) -> bool:
    """Whether an engine that this session would share has it."""
    return is_running(spec_of(model))
