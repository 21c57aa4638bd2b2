"""Between what the app knows of a question and what is kept of it: the one place that knows both.

Fields of an `Exchange` that nobody looks for by name, such as the seed or how many tokens were reused, are kept as long as
they are plain values, so that a new one needs no line here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.errors import SightlineError
from backend.memory.session_values import Outcome, StoredConversation, StoredExchange
from backend.published import as_answer, as_finding
from tui.conversation import Conversation
from tui.exchange import Exchange, Stage

_OUTCOMES = {
    Stage.ANSWERED: Outcome.ANSWERED,
    Stage.CANCELLED: Outcome.STOPPED,
    Stage.INTERRUPTED: Outcome.INTERRUPTED,
    Stage.FAILED: Outcome.FAILED,
}
_STAGES = {outcome: stage for stage, outcome in _OUTCOMES.items()} | {Outcome.RUNNING: Stage.INTERRUPTED}
_PLAIN = (str, int, float, bool)
_KEPT_BY_NAME = frozenset(("id", "question", "parent", "text", "reasoning", "since"))


def stored(exchange: Exchange, asked: datetime) -> StoredExchange:
    """How an exchange stands now; `asked`: when that was."""
    answer = exchange.answer
    return StoredExchange(
        exchange.id,
        exchange.question,
        asked,
        _OUTCOMES.get(exchange.stage, Outcome.RUNNING),
        exchange.parent or None,
        text=exchange.text,
        reasoning=exchange.reasoning,
        findings=() if answer is not None else tuple(finding.as_dict() for finding in exchange.findings),
        answer=None if answer is None else answer.as_dict(),
        turn=("", "") if answer is None else answer.turn,
        error=None if exchange.error is None else (exchange.error.message, exchange.error.cure),
        extras=_extras(exchange),
    )


def restored(one: StoredExchange, pictures: Sequence[Path]) -> Exchange:
    """An exchange as it was kept. An answer that cannot be read any more leaves its words."""
    exchange = Exchange(
        one.id,
        one.question,
        tuple(pictures),
        parent=one.parent or "",
        stage=_STAGES[one.outcome],
        text=one.text,
        reasoning=one.reasoning,
        error=None if one.error is None else SightlineError(one.error[0], cure=one.error[1]),
    )
    for field in fields(exchange):
        value = one.extras.get(field.name)
        if isinstance(field.default, _PLAIN) and type(value) is type(field.default) and field.name not in _KEPT_BY_NAME:
            setattr(exchange, field.name, value)
    try:
        exchange.findings = [as_finding(told) for told in one.findings]
        exchange.answer = None if one.answer is None else as_answer(one.answer, one.turn)
    except ValueError:
        exchange.findings = []
    if exchange.answer is not None:
        exchange.findings, exchange.claims = list(exchange.answer.findings), list(exchange.answer.claims)
    return exchange


def restored_conversation(one: StoredConversation) -> Conversation:
    """A conversation as it was kept."""
    known = {exchange.id for exchange in one.exchanges}
    asked = [restored(exchange, one.pictures) for exchange in one.exchanges]
    for exchange in asked:
        if exchange.parent not in known:  # it was forgotten
            exchange.parent = ""
    return Conversation(one.pictures, asked, dict(one.chosen))


def _extras(exchange: Exchange) -> dict[str, Any]:
    """Plain values that differ from their default."""
    found = ((field, getattr(exchange, field.name)) for field in fields(exchange) if field.name not in _KEPT_BY_NAME)
    return {
        field.name: value
        for field, value in found
        if isinstance(value, _PLAIN) and field.default is not MISSING and value != field.default
    }
