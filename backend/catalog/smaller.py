"""What to do about a model that does not fit: the one step that costs its user least.

A smaller model that is already installed, else a smaller quantisation of the same one, else a smaller model to pull, else
a shorter context. Each is held against the same memory before it is named: advice that fails costs a download.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backend.catalog import places
from backend.catalog.card import InstalledModel, ModelCard, TokenBudget
from backend.catalog.fit import fit_of, gigabytes, judge, needs_of_card
from backend.catalog.memory import Memory
from backend.catalog.store import ModelStore, size_on_disk
from backend.errors import ModelError
from backend.language import _
from backend.sanitise import quoted

_SHORTEST = 2048
"""Tokens of context below which a picture and a conversation have no room."""


def advice(model: InstalledModel, ranked: Sequence[ModelCard], store: ModelStore, memory: Memory) -> str:
    """The cure for `model`, which does not fit into `memory`. `ranked`: the real models of the catalogue, best first."""
    smaller = [card for card in ranked if card.parameters < model.card.parameters]
    step = (
        _installed(smaller, store, memory)
        or _quantised(model, ranked, memory)
        or _to_pull(smaller, memory)
        or _shorter(model, memory)
        or _("free memory, or use the demo (sightline demo)")
    )
    return _("{step}; SIGHTLINE_FORCE=1 tries this one anyway").format(step=step)


def _installed(smaller: Sequence[ModelCard], store: ModelStore, memory: Memory) -> str:
    for card in smaller:
        other = store.find(card)
        if other and _fits(other, memory):
            return _("use {name}, which is installed and fits (--model {name}), or free memory").format(name=card.name)
    return ""


def _fits(model: InstalledModel, memory: Memory) -> bool:
    try:
        return fit_of(model, memory).ok
    except ModelError:
        return False  # broken files are no alternative; `models check` says what is wrong with them


def _quantised(model: InstalledModel, ranked: Sequence[ModelCard], memory: Memory) -> str:
    """The largest smaller quantisation that is published and fits; the store uses the first one it finds, in this order."""
    usual = next((card for card in ranked if card.name == model.card.name and card.repo), None)
    if usual is None:
        return ""
    order = [usual, *(usual.in_quant(quant) for quant, __ in usual.other_quants)]
    quants = [card.quant for card in order]
    for card in sorted(order, key=lambda card: card.download_bytes, reverse=True):
        if card.download_bytes < size_on_disk(model) and judge(needs_of_card(card), memory).ok:
            hidden = model.card.quant in quants[: quants.index(card.quant)]
            then = _(", then delete {text}").format(text=quoted(model.text)) if hidden else ""
            return _("take it in {quant}, which fits {pull} --quant {quant}{then}").format(
                quant=card.quant, pull=_pull(card), then=then
            )
    return ""


def _to_pull(smaller: Sequence[ModelCard], memory: Memory) -> str:
    for card in smaller:
        if card.repo and judge(needs_of_card(card), memory).ok:
            return _("pull {title}, which fits {pull}").format(title=card.title, pull=_pull(card))
    return ""


def _pull(card: ModelCard) -> str:
    return _("with {total}: sightline models pull {name}").format(total=gigabytes(needs_of_card(card).total), name=card.name)


def _shorter(model: InstalledModel, memory: Memory) -> str:
    """The longest context that fits, halved step by step, with pictures that still leave it room."""
    card = model.card
    context = card.context // 2
    while context >= _SHORTEST:
        most = min(card.image_tokens.max, context // 2)
        tokens = TokenBudget(min(card.image_tokens.min, most), most, min(card.image_tokens.default, most))
        tried = replace(model, card=replace(card, context=context, image_tokens=tokens))
        if _fits(tried, memory):
            keys = [f"context = {context}"]
            if tokens != card.image_tokens:
                keys.append(f"image_tokens = {{ min = {tokens.min}, max = {tokens.max}, default = {tokens.default} }}")
            if card.max_tokens >= context:
                keys.append(f"max_tokens = {context // 4}")
            return _("under [models.{name}] in {file}, set {keys}, or free memory").format(
                name=card.name, file=quoted(places.user_catalog()), keys=_(" and ").join(keys)
            )
        context //= 2
    return ""
