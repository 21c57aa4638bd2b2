"""The catalogue: models.toml, with what the user added and changed laid over it.

Three files, later ones over earlier ones, key by key: the shipped models.toml, `added.toml` (written by
`sightline models add`), and the user's own models.toml. A model that only a later file names is a new one; of it, only
`text` and `mmproj` must be given, or the `endpoint` of a server; the rest is as for Qwen3-VL Instruct.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from backend.catalog import places, schema
from backend.catalog.card import ModelCard, Patience, SamplingRule, Server, TokenBudget
from backend.errors import ModelError
from backend.language import _
from backend.sanitise import one_line
from backend.scene import Units
from backend.toml_file import read_toml
from backend.toml_rules import Spot, unknown

_UNLESS_SAID: dict[str, Any] = {
    "bundled": False,
    "coordinates": "rel1000",
    "image_tokens": {"min": 256, "max": 2048, "default": 1024},
    "context": 8192,
    "gpu_layers": -1,
    "max_tokens": 1024,
    "thinking": False,
    "thinking_tokens": 1024,
    "frame_pairs": False,
    "parameters": 0.0,
    "download_bytes": 0,
    "other_quants": {},
    "note": "",
}

_TEXT_SAMPLING = {"temperature": 0.7, "top_p": 0.8, "top_k": 20, "presence_penalty": 1.5}
"""Not among the above: a sampling rule that is given at all is taken as it is given, not mixed with this one."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every model that can be named."""

    cards: tuple[ModelCard, ...]
    """In the order of the files."""

    def card(self, name: str) -> ModelCard:
        """The card of that name; ModelError with close matches where there is none."""
        names = [card.name for card in self.cards]
        if name in names:
            return self.cards[names.index(name)]
        begun = [known for known in names if name and known.startswith(name.lower())]
        close = begun[:3] or get_close_matches(name.lower(), names, n=3, cutoff=0.5)
        raise ModelError(
            _("there is no model “{name}”").format(name=one_line(name, 80)),
            cure=_("did you mean {names}?").format(names=_(" or ").join(close))
            if close
            else _("known models: {names}").format(names=", ".join(names)),
        )


def load_catalog(shipped: Path | None = None, user: Path | None = None) -> Catalog:
    """Read the shipped catalogue and the user's additions; CatalogError names file, table and key of what is wrong."""
    own = user or places.user_catalog()
    merged: dict[str, dict[str, Any]] = {}
    last_file: dict[str, Path] = {}
    for file in (shipped or places.shipped_catalog(), places.added_catalog(own), own):
        if file == shipped or file.exists():
            for name, table in read_models(file).items():
                merged[name] = laid_over(merged.get(name, {}), table)
                last_file[name] = file
    return Catalog(tuple(_card(name, table, last_file[name]) for name, table in merged.items()))


def read_models(file: Path) -> dict[str, dict[str, Any]]:
    """The model tables of one file, each value checked on its own."""
    return read_tables(file, "models")


def read_tables(file: Path, kind: str) -> dict[str, dict[str, Any]]:
    """The tables [`kind`.NAME] of one file, each value checked on its own; `kind` is one of `TABLES`."""
    document = read_toml(file)
    for key in document:
        if key not in TABLES:
            unknown(key, TABLES, Spot(file, "top level", key))
    tables = document.get(kind, {})
    if not isinstance(tables, dict):
        Spot(file, kind).refuse(_("this is not a table; write [{kind}.NAME]").format(kind=kind))
    for name, table in tables.items():
        schema.NAME.check(name, Spot(file, f"{kind}.{name}"))
        TABLES[kind].check(table, Spot(file, f"{kind}.{name}"))
    return tables


TABLES = {"models": schema.CARD, "depth": schema.DEPTH_CARD}
"""What a models.toml may hold, with the rules of each."""


def laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """`above` wins key by key, also inside tables."""
    merged = dict(below)
    for key, value in above.items():
        old = below.get(key)
        merged[key] = laid_over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _card(name: str, said: dict[str, Any], file: Path) -> ModelCard:
    spot = Spot(file, f"models.{name}")
    server = _server(said, spot)
    for key in () if server else ("text", "mmproj"):
        if key not in said:
            spot.inside(key).refuse(
                _("this key is missing, and the model is not known otherwise"), cure=_("name the .gguf file")
            )
    table = laid_over(_UNLESS_SAID, said)
    sampling = said.get("sampling", {})
    card = ModelCard(
        name=name,
        title=table.get("title", name),
        text=table.get("text", ""),
        mmproj=table.get("mmproj", ""),
        repo=table.get("repo"),
        bundled=table["bundled"],
        coordinates=Units(table["coordinates"]),
        image_tokens=TokenBudget(**table["image_tokens"]),
        text_sampling=SamplingRule(**sampling.get("text", _TEXT_SAMPLING)),
        box_sampling=SamplingRule(**sampling.get("boxes", {})),
        context=table["context"],
        gpu_layers=table["gpu_layers"],
        max_tokens=table["max_tokens"],
        thinking=table["thinking"],
        thinking_tokens=table["thinking_tokens"],
        frame_pairs=table["frame_pairs"],
        parameters=float(table["parameters"]),
        download_bytes=table["download_bytes"],
        note=table["note"],
        other_quants=tuple(table["other_quants"].items()),
        server=server,
    )
    _consistent(card, spot)
    return card


_OF_FILES = ("text", "mmproj", "repo", "bundled")
_OF_SERVERS = ("remote_model", "api_key_env", "timeouts")


def _server(said: dict[str, Any], spot: Spot) -> Server | None:
    """Who answers for the model, where its table names an endpoint; a model is either files or a server, never both."""
    if "endpoint" not in said:
        for key in _OF_SERVERS:
            if key in said:
                spot.inside(key).refuse(
                    _("this key belongs to a server"), cure=_('name the server: endpoint = "http://host:8080/v1"')
                )
        return None
    for key in _OF_FILES:
        if key in said:
            spot.inside("endpoint").refuse(
                _("a server and files ({key}) cannot both be the model").format(key=key),
                cure=_("give the server's model a table of its own"),
            )
    return Server(
        url=said["endpoint"].rstrip("/"),
        model=said.get("remote_model", ""),
        api_key_env=said.get("api_key_env", ""),
        patience=Patience(**said.get("timeouts", {})),
    )


def _consistent(card: ModelCard, spot: Spot) -> None:
    """What no single value can get wrong."""
    tokens = card.image_tokens
    if not tokens.min <= tokens.default <= tokens.max:
        spot.inside("image_tokens").refuse(
            _("min {min}, default {default} and max {max} are not in this order of size").format(
                min=tokens.min, default=tokens.default, max=tokens.max
            )
        )
    if card.context <= tokens.max:
        spot.inside("context").refuse(
            _("{context:,} leaves no room beside one picture of {max:,} tokens (image_tokens.max)").format(
                context=card.context, max=tokens.max
            )
        )
    if card.max_tokens >= card.context:
        spot.inside("max_tokens").refuse(
            _("{max_tokens:,} is not below the context of {context:,} tokens").format(
                max_tokens=card.max_tokens, context=card.context
            )
        )
    placed = Path(card.text).is_absolute() and Path(card.mmproj).is_absolute()
    if not (card.bundled or card.repo or placed or card.server):
        spot.inside("repo").refuse(
            _("this key is missing"), cure=_("say which hub repository holds the files, or give both as absolute paths")
        )
