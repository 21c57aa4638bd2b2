"""The models on this disk: where each one's two files are, and how a pair that is already there becomes known.

One folder per model, named as in the catalogue. Files that were added by hand stay where they are; only a table naming
them is written, into `added.toml` beside the user's own models.toml, which sightline never rewrites.
"""

from __future__ import annotations

from pathlib import Path

from backend.catalog import places
from backend.catalog.card import InstalledModel, ModelCard
from backend.errors import ModelError
from backend.language import _
from backend.sanitise import quoted


class ModelStore:
    """A folder of models; without `root`, SIGHTLINE_MODELS or the user's data folder."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or places.models_folder()

    def folder(self, card: ModelCard) -> Path:
        """Where the card's downloaded files belong."""
        return places.demo_folder() if card.bundled else self.root / card.name

    def find(self, card: ModelCard) -> InstalledModel | None:
        """The model as it is installed, in its usual quantisation if that is there, else in another published one.

        One that a server has needs nothing here; whether the server answers shows when it is asked.
        """
        if card.server is not None:
            return InstalledModel(card, Path(), Path())
        mmproj = self.folder(card) / card.mmproj
        for chosen in (card, *(card.in_quant(quant) for quant, __ in card.other_quants)):
            text = self.folder(card) / chosen.text
            if text.is_file() and mmproj.is_file():
                return InstalledModel(chosen, text, mmproj)
        return None

    def require(self, card: ModelCard) -> InstalledModel:
        """The installed model; ModelError saying how to get it where it is not there."""
        found = self.find(card)
        if found:
            return found
        missing = [path for path in (self.folder(card) / card.text, self.folder(card) / card.mmproj) if not path.is_file()]
        if card.bundled:
            what, cure = _("its file {missing} is gone").format(missing=quoted(missing[0])), _("install sightline again")
        elif card.repo:
            what, cure = _("it has not been downloaded"), _("sightline models pull {name}").format(name=card.name)
        else:
            what = _("its file {missing} is gone").format(missing=quoted(missing[0]))
            cure = _("sightline models add {name} --text FILE --mmproj FILE, with the place where it is now").format(
                name=card.name
            )
        raise ModelError(_("the model {name} is not installed: {what}").format(name=card.name, what=what), cure=cure)

    def add(self, name: str, text: Path, mmproj: Path) -> InstalledModel:
        """Make files known that are already on disk; they stay where they are."""
        from backend.catalog import adding  # its file lock takes a while to import, and no question needs it

        return self.require(adding.add(name, text, mmproj))


def size_on_disk(model: InstalledModel) -> int:
    """Bytes of both files; 0 for one that has just vanished."""
    return sum(path.stat().st_size for path in (model.text, model.mmproj) if path.is_file())
