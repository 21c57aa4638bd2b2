"""Depth networks: the [depth.NAME] tables of models.toml, which of them are on this disk, and which one is asked unnamed.

A network is one ONNX file. What it wants (size, normalisation) follows from its family unless its table says otherwise, and
its layout from the file itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from backend.catalog import places
from backend.catalog.registry import laid_over, read_tables
from backend.errors import ModelError
from backend.language import _, columns, padded
from backend.sanitise import one_line, quoted
from backend.scene import DepthUnit
from backend.toml_rules import Spot

_IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
"""Of ImageNet's pictures, 0…1: what both families were trained on."""
_FAMILIES: dict[str, dict[str, Any]] = {
    "midas": {"size": 384, "multiple": 32, **_IMAGENET},
    "depth-anything": {"size": 518, "multiple": 14, **_IMAGENET},
}
"""The input of each family's published networks (Ranftl and others 2020; Yang and others 2024)."""
_UNLESS_SAID: dict[str, Any] = {
    "bundled": False,
    "family": "depth-anything",
    "output": "inverse",
    "layout": "auto",
    "download_bytes": 0,
    "note": "",
}

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class DepthCard:
    """One depth network of the catalogue."""

    name: str
    title: str
    file: str
    """Name in `repo` (with the folders there) or beside the demo model, or an absolute path."""
    repo: str | None
    bundled: bool
    family: str
    """`midas` or `depth-anything`: what is not said otherwise follows from it."""
    output: DepthUnit
    """INVERSE or METRES."""
    size: int
    """Pixels of the shorter side that a network of free size is shown."""
    multiple: int
    """Both sides are then multiples of it."""
    mean: Rgb
    std: Rgb
    """The input is (RGB in 0…1 − mean) / std."""
    layout: str
    """`nchw`, `nhwc`, or `auto`: as the file's shape says."""
    download_bytes: int
    note: str = ""

    @property
    def path(self) -> Path:
        """Where its file is, or belongs."""
        if self.bundled:
            return places.demo_folder() / self.file
        if Path(self.file).is_absolute():
            return Path(self.file)
        return places.models_folder() / self.name / Path(self.file).name

    @property
    def installed(self) -> bool:
        return self.path.is_file()

    def require(self) -> Path:
        """Its file. Raises ModelError, which says how to get it, where it is not there."""
        if self.installed:
            return self.path
        if self.repo is not None:
            what, cure = _("it has not been downloaded"), _("sightline models pull {name}").format(name=self.name)
        elif self.bundled:
            what, cure = _("its file {path} is gone").format(path=quoted(self.path)), _("install sightline again")
        else:
            what, cure = _("its file {path} is not there").format(path=quoted(self.path)), _("correct its path in models.toml")
        raise ModelError(_("the depth network {name} is not installed: {what}").format(name=self.name, what=what), cure=cure)

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "installed": self.installed,
            "file": str(self.path) if self.installed else None,
            "repo": self.repo,
            "family": self.family,
            "output": self.output.value,
            "bytes": self.path.stat().st_size if self.installed else self.download_bytes,
            "note": self.note,
        }


def depth_cards(shipped: Path | None = None, user: Path | None = None) -> tuple[DepthCard, ...]:
    """Every depth network that can be named. Raises CatalogError, naming file, table and key, for what is not understood."""
    own = user or places.user_catalog()
    merged: dict[str, dict[str, Any]] = {}
    last_file: dict[str, Path] = {}
    for file in (shipped or places.shipped_catalog(), own):
        if file == shipped or file.exists():
            for name, table in read_tables(file, "depth").items():
                merged[name] = laid_over(merged.get(name, {}), table)
                last_file[name] = file
    return tuple(_card(name, table, last_file[name]) for name, table in merged.items())


def choose_depth(name: str | None = None, cards: tuple[DepthCard, ...] | None = None) -> DepthCard:
    """The network of that name, which must be installed; without one the first that is installed, the bundled one last."""
    cards = depth_cards() if cards is None else cards
    if name is None:
        return min((card for card in cards if card.installed), key=lambda card: card.bundled, default=None) or _none(cards)
    named = next((card for card in cards if card.name == name), None)
    if named is None:
        known = [card.name for card in cards]
        close = get_close_matches(name.lower(), known, n=3, cutoff=0.5)
        raise ModelError(
            _("there is no depth network “{name}”").format(name=one_line(name, 80)),
            cure=_("did you mean {names}?").format(names=_(" or ").join(close))
            if close
            else _("known: {known}").format(known=", ".join(known)),
        )
    named.require()
    return named


def _none(cards: tuple[DepthCard, ...]) -> DepthCard:
    if cards:
        cards[0].require()
    raise ModelError(_("no depth network is installed"), cure=_("sightline models list shows which can be pulled"))


def table(cards: tuple[DepthCard, ...]) -> list[str]:
    """Aligned columns for people."""
    rows = [(_("  depth network"), _("installed"), _("size"), _("answers"), _("note"))]
    for card in cards:
        size = card.path.stat().st_size if card.installed else card.download_bytes
        here = _("bundled") if card.bundled and card.installed else _("yes") if card.installed else _("no")
        megabytes = f"{size / 1e6:.0f} MB" if size else ""
        answers = _("metres") if card.output is DepthUnit.METRES else _("relative")
        rows.append((f"  {card.name}", here, megabytes, answers, one_line(_(card.note))))
    widths = [max(columns(row[column]) for row in rows) for column in range(4)]
    return [
        "  ".join([*(padded(cell, width) for cell, width in zip(row, widths, strict=False)), row[4]]).rstrip() for row in rows
    ]


def _card(name: str, said: dict[str, Any], file: Path) -> DepthCard:
    spot = Spot(file, f"depth.{name}")
    if "file" not in said:
        spot.inside("file").refuse(
            _("this key is missing, and the network is not known otherwise"), cure=_("name the .onnx file")
        )
    values = {**_UNLESS_SAID, **_FAMILIES[said.get("family", _UNLESS_SAID["family"])], **said}
    if not (values["bundled"] or values.get("repo") or Path(values["file"]).is_absolute()):
        spot.inside("repo").refuse(
            _("this key is missing"), cure=_("say which hub repository holds the file, or give it as an absolute path")
        )
    return DepthCard(
        name=name,
        title=values.get("title", name),
        file=values["file"],
        repo=None if Path(values["file"]).is_absolute() else values.get("repo"),
        bundled=values["bundled"],
        family=values["family"],
        output=DepthUnit(values["output"]),
        size=values["size"],
        multiple=values["multiple"],
        mean=_rgb(values["mean"]),
        std=_rgb(values["std"]),
        layout=values["layout"],
        download_bytes=values["download_bytes"],
        note=values["note"],
    )


def _rgb(numbers: list[float]) -> Rgb:
    red, green, blue = map(float, numbers)
    return red, green, blue
