"""The demo model, to be asked while something is measured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from backend.ask.pipeline import Asker
from backend.catalog.registry import load_catalog
from backend.catalog.store import ModelStore

MODEL = "demo"


@contextmanager
def demo_asker() -> Iterator[Asker]:
    """Someone to ask, until the block is left."""
    asker = Asker(ModelStore().require(load_catalog().card(MODEL)))
    try:
        yield asker
    finally:
        asker.close()
