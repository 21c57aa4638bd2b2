"""Models: which there are, which are on this disk, which fit this machine, and which one answers.

`backend.catalog.download` (a pull) is not among what is imported here: it brings huggingface_hub along.
"""

from backend.catalog.card import InstalledModel, ModelCard
from backend.catalog.check import PairReport, check_pair
from backend.catalog.choice import Choice, choose, consider
from backend.catalog.fit import Fit, Needs
from backend.catalog.listing import Entry, entries
from backend.catalog.memory import Memory
from backend.catalog.registry import Catalog, load_catalog
from backend.catalog.store import ModelStore

__all__ = [
    "Catalog",
    "Choice",
    "Entry",
    "Fit",
    "InstalledModel",
    "Memory",
    "ModelCard",
    "ModelStore",
    "Needs",
    "PairReport",
    "check_pair",
    "choose",
    "consider",
    "entries",
    "load_catalog",
]
