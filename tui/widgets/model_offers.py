"""What can answer: the demo, the real models with their size and whether they fit here, and files that are here already."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from backend.catalog import Entry
from backend.catalog.fit import gigabytes
from backend.language import _
from backend.sanitise import one_line
from tui.glyphs import Glyphs
from tui.widgets.pick_list import PickList


class ModelOffers(PickList):
    """A list of two-line offers."""

    @dataclass
    class Taken(Message):
        """An offer was chosen; None: files that are already here."""

        entry: Entry | None

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="offers", markup=False)
        self._glyphs = glyphs
        self._entries: list[Entry] = []

    def offer(self, entries: list[Entry]) -> None:
        """Fill the list: the demo first, then the rest in the catalogue's order."""
        self._entries = sorted(entries, key=lambda entry: not entry.card.bundled)
        at = self.highlighted or 0
        self.clear_options()
        best = recommended(entries)
        self.add_options([Option(self._described(entry, best=entry is best)) for entry in self._entries])
        self.add_option(Option(_files()))
        self.highlighted = at

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        index = message.option_index
        self.post_message(self.Taken(self._entries[index] if index < len(self._entries) else None))

    def _described(self, entry: Entry, *, best: bool) -> Content:
        card = entry.card
        if card.bundled:
            return Content.assemble(
                (_("Try the demo"), "bold"), (_("  nothing to download"), "$primary"), (f"\n{_(card.note)}", "$faint")
            )
        if card.server is not None:
            size = _("on a server")
        elif entry.installed is not None:
            size = _("installed")
        else:
            size = _("download {size}").format(size=gigabytes(entry.size)) if card.repo else _("added files")
        advice = _("  {dot} the largest that fits here").format(dot=self._glyphs.dot) if best else ""
        head = Content.assemble((one_line(card.title), "bold"), (f"  {size}", "$primary"), (advice, "$accent"))
        if entry.fit is None:
            return Content.assemble(head, (f"\n{self._glyphs.no} {one_line(entry.problem)}", "$error"))
        sign, colour = (self._glyphs.yes, "$success") if entry.fit.ok else (self._glyphs.no, "$warning")
        return Content.assemble(head, (f"\n{sign} ", f"bold {colour}"), (one_line(entry.fit.sentence), "$faint"))


def recommended(entries: list[Entry]) -> Entry | None:
    """The largest model to be downloaded that fits and answers without long reasoning."""
    fitting = [entry for entry in entries if entry.card.repo and not entry.card.thinking and entry.fit and entry.fit.ok]
    return max(fitting, key=lambda entry: entry.card.parameters, default=None)


def _files() -> Content:
    return Content.assemble(
        (_("Use files that are already here"), "bold"),
        (_("\nTwo GGUF files: the language model and its vision projector"), "$faint"),
    )
