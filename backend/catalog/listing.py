"""The catalogue held against this machine: for each model, whether it is here, whether it fits, and whether it is the one
that answers unasked. `sightline models list` prints it, the app's first screen offers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.catalog.card import InstalledModel, ModelCard
from backend.catalog.choice import consider
from backend.catalog.fit import Fit, fit_of, gigabytes, judge, needs_of_card
from backend.catalog.memory import Memory
from backend.catalog.registry import Catalog
from backend.catalog.store import ModelStore, size_on_disk
from backend.errors import ModelError
from backend.language import _, columns, padded
from backend.sanitise import one_line


@dataclass(frozen=True, slots=True)
class Entry:
    """One model and what can be said about it here."""

    card: ModelCard
    installed: InstalledModel | None
    fit: Fit | None
    """From the files where they are here, from the catalogue's estimates otherwise; None where the files are no model."""
    problem: str = ""
    """What is wrong with the files that are here."""
    unasked: bool = False
    """The one that answers when none is named."""

    @property
    def size(self) -> int:
        """Bytes on disk, or to be downloaded."""
        return size_on_disk(self.installed) if self.installed else self.card.download_bytes

    def as_dict(self) -> dict[str, Any]:
        fit = self.fit
        files = self.installed if self.card.server is None else None
        return {
            "name": self.card.name,
            "title": self.card.title,
            "installed": self.installed is not None,
            "text": str(files.text) if files else None,
            "mmproj": str(files.mmproj) if files else None,
            "endpoint": self.card.server.url if self.card.server else None,
            "repo": self.card.repo,
            "quant": (self.installed.card if self.installed else self.card).quant,
            "quants": list(self.card.quants),
            "bytes": self.size,
            "parameters_billions": self.card.parameters,
            "thinking": self.card.thinking,
            "fits": fit.ok if fit else None,
            "where": fit.where if fit and fit.ok else None,
            "needs_bytes": fit.needs.total if fit else None,
            "available_bytes": fit.available if fit else None,
            "default": self.unasked,
            "problem": self.problem,
            "note": self.card.note,
        }


def entries(catalog: Catalog, store: ModelStore, memory: Memory | None = None) -> list[Entry]:
    """Every model of the catalogue, in its order."""
    memory = memory or Memory.detect()
    try:
        unasked = consider(catalog, store, None, memory=memory).model.card.name
    except ModelError:
        unasked = ""  # what is wrong shows up beside the model itself
    return [_entry(card, store, memory, unasked) for card in catalog.cards]


def _entry(card: ModelCard, store: ModelStore, memory: Memory, unasked: str) -> Entry:
    installed = store.find(card)
    if installed is None:
        return Entry(card, None, judge(needs_of_card(card), memory))
    try:
        return Entry(card, installed, fit_of(installed, memory), unasked=card.name == unasked)
    except ModelError as error:
        return Entry(card, installed, None, error.message)


def table(listed: Sequence[Entry]) -> list[str]:
    """Aligned columns for people; `*` marks the model that answers unasked."""
    rows = [(_("  name"), _("installed"), _("size"), _("fits"), _("note")), *map(_row, listed)]
    widths = [max(columns(row[column]) for row in rows) for column in range(4)]
    return [
        "  ".join([*(padded(cell, width) for cell, width in zip(row, widths, strict=False)), row[4]]).rstrip() for row in rows
    ]


def _row(entry: Entry) -> tuple[str, str, str, str, str]:
    installed = entry.installed
    if installed is None:
        here = _("no")
    elif installed.card.bundled:
        here = _("bundled")
    elif installed.card.server is not None:
        here = _("remote")
    else:
        here = installed.card.quant or _("yes")
    if entry.fit is None:
        fits = _("broken")
    elif entry.fit.where == "server":
        fits = _("on its server")
    elif entry.fit.ok:
        fits = f"{entry.fit.where}, {gigabytes(entry.fit.needs.total)}"
    else:
        fits = _("no, needs {total}").format(total=gigabytes(entry.fit.needs.total))
    name = f"{'*' if entry.unasked else ' '} {entry.card.name}"
    server = entry.card.server
    note = entry.problem or _(entry.card.note) or (server.url if server else "")
    return name, here, gigabytes(entry.size) if entry.size else "", fits, one_line(note)
