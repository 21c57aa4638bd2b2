"""Which model answers: the one that was named, else the best real one that is installed and fits, else the demo."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace

from backend.catalog.card import InstalledModel, ModelCard
from backend.catalog.check import check_pair
from backend.catalog.fit import Fit, elsewhere, judge, needs_of_files
from backend.catalog.memory import Memory
from backend.catalog.registry import Catalog
from backend.catalog.store import ModelStore
from backend.errors import ModelError


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


def consider(
    catalog: Catalog, store: ModelStore, name: str | None, *, force: bool = False, memory: Memory | None = None
) -> Choice:
    """As `choose`, with the reasons."""
    memory = memory or Memory.detect()
    name = name or os.environ.get("SIGHTLINE_MODEL") or None
    if name:
        return _named(catalog, store, name, memory, force=force or bool(os.environ.get("SIGHTLINE_FORCE")))
    return _best(catalog, store, memory)


def ranked(cards: Iterable[ModelCard]) -> list[ModelCard]:
    """Real models of this machine, best first: more parameters before fewer, Instruct before Thinking (which is slow).

    None that a server has: pictures leave the machine only when the user says so.
    """
    local = (card for card in cards if not card.bundled and card.server is None)
    return sorted(local, key=lambda card: (-card.parameters, card.thinking))


def fit_of(model: InstalledModel, memory: Memory) -> Fit:
    """Whether an installed model fits; ModelError if its files are not a model."""
    if model.card.server is not None:
        return elsewhere(model.card.server)
    language, vision = check_pair(model.text, model.mmproj, model.card).require()
    return judge(needs_of_files(language, vision, model.card.context, model.card.image_tokens.max), memory)


def _named(catalog: Catalog, store: ModelStore, name: str, memory: Memory, *, force: bool) -> Choice:
    model = store.require(catalog.card(name))
    fit = fit_of(model, memory)
    if not fit.ok and not force:
        raise ModelError(f"{name} {fit.sentence}", cure=_smaller(catalog, store, model, memory))
    return Choice(_placed(model, fit, memory), fit)


def _best(catalog: Catalog, store: ModelStore, memory: Memory) -> Choice:
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
        if fit.ok:
            return Choice(_placed(model, fit, memory), fit, tuple(passed_over))
        passed_over.append(f"{card.name} {fit.sentence}")
    model = store.require(_demo(catalog))
    fit = fit_of(model, memory)
    return Choice(_placed(model, fit, memory), fit, tuple(passed_over))


def _demo(catalog: Catalog) -> ModelCard:
    return next(card for card in catalog.cards if card.bundled)


def _placed(model: InstalledModel, fit: Fit, memory: Memory) -> InstalledModel:
    """Beside a GPU that is too small, no layer is sent to it: a half-loaded GPU fails instead of helping."""
    if fit.where == "RAM" and memory.gpu:
        return replace(model, card=replace(model.card, gpu_layers=0))
    return model


def _smaller(catalog: Catalog, store: ModelStore, model: InstalledModel, memory: Memory) -> str:
    """The best smaller thing that can be done about a model that does not fit."""
    for card in ranked(catalog.cards):
        if card.parameters < model.card.parameters:
            other = store.find(card)
            if other and fit_of(other, memory).ok:
                return f"use {card.name}, which is installed and fits, or free memory"
    return "free memory, or take a smaller model (`sightline models list`); SIGHTLINE_FORCE=1 tries this one anyway"
