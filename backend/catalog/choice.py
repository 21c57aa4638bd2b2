"""Which model answers: the one that was named, else the best real one that is installed and fits, else the demo."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from backend.catalog.card import InstalledModel, ModelCard
from backend.catalog.fit import Fit, fit_of
from backend.catalog.memory import Memory
from backend.catalog.registry import Catalog
from backend.catalog.smaller import advice
from backend.catalog.store import ModelStore
from backend.errors import ModelError
from backend.language import _


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, and why it is this one."""

    model: InstalledModel
    fit: Fit
    passed_over: tuple[str, ...] = ()
    """Installed models that would have come first, and what kept each of them away; one sentence each."""


def choose(catalog: Catalog, store: ModelStore, name: str | None, *, force: bool = False) -> InstalledModel:
    """The model for a question; `name` (or SIGHTLINE_MODEL) insists on one, `force` (or SIGHTLINE_FORCE) on memory's cost."""
    return consider(catalog, store, name, force=force).model


IsLoaded = Callable[[InstalledModel], bool]


def _never(_model: InstalledModel) -> bool:
    return False


def consider(
    catalog: Catalog,
    store: ModelStore,
    name: str | None,
    *,
    force: bool = False,
    memory: Memory | None = None,
    is_loaded: IsLoaded = _never,
) -> Choice:
    """As `choose`, with the reasons. A model that `is_loaded`, in an engine that can be shared, needs no more memory."""
    memory = memory or Memory.detect()
    name = name or os.environ.get("SIGHTLINE_MODEL") or None
    if name:
        return _named(catalog, store, name, memory, is_loaded, force=force or bool(os.environ.get("SIGHTLINE_FORCE")))
    return _best(catalog, store, memory, is_loaded)


def ranked(cards: Iterable[ModelCard]) -> list[ModelCard]:
    """Real models of this machine, best first: more parameters before fewer, Instruct before Thinking (which is slow).

    None that a server has: pictures leave the machine only when the user says so.
    """
    local = (card for card in cards if not card.bundled and card.server is None)
    return sorted(local, key=lambda card: (-card.parameters, card.thinking))


def _named(catalog: Catalog, store: ModelStore, name: str, memory: Memory, is_loaded: IsLoaded, *, force: bool) -> Choice:
    model = store.require(catalog.card(name))
    fit = fit_of(model, memory)
    if held := _held(model, fit, is_loaded):
        return held
    if not fit.ok and not force:
        raise ModelError(f"{name} {fit.sentence}", cure=advice(model, ranked(catalog.cards), store, memory))
    return Choice(_placed(model, fit, memory), fit)


def _best(catalog: Catalog, store: ModelStore, memory: Memory, is_loaded: IsLoaded) -> Choice:
    passed_over: list[str] = []
    for card in ranked(catalog.cards):
        model = store.find(card)
        if model is None:
            continue
        try:
            fit = fit_of(model, memory)
        except ModelError as error:
            passed_over.append(f"{card.name}: {error.message}")
            continue
        if held := _held(model, fit, is_loaded):
            return replace(held, passed_over=tuple(passed_over))
        if fit.ok:
            return Choice(_placed(model, fit, memory), fit, tuple(passed_over))
        passed_over.append(f"{card.name} {fit.sentence}")
    model = store.require(_demo(catalog))
    fit = fit_of(model, memory)
    return Choice(_placed(model, fit, memory), fit, tuple(passed_over))


def _demo(catalog: Catalog) -> ModelCard:
    return next(card for card in catalog.cards if card.bundled)


def _held(model: InstalledModel, fit: Fit, is_loaded: IsLoaded) -> Choice | None:
    """The model where an engine of this machine has it already: with its layers on the GPU, or with none there."""
    if model.card.server is not None:
        return None
    for placed in (model, replace(model, card=replace(model.card, gpu_layers=0))):
        if is_loaded(placed):
            return Choice(placed, replace(fit, ok=True, sentence=_("is loaded already")))
    return None


def _placed(model: InstalledModel, fit: Fit, memory: Memory) -> InstalledModel:
    """Beside a GPU that is too small, no layer is sent to it: a half-loaded GPU fails instead of helping."""
    if fit.where == "RAM" and memory.gpu:
        return replace(model, card=replace(model.card, gpu_layers=0))
    return model
