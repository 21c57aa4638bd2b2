"""What a reader should know about an answer beside its words: what was cut off, mended, missing, or is not to be believed."""

from __future__ import annotations

from backend.ask.parsing import REPEATED, FindingParser
from backend.ask.posing import Posed
from backend.catalog.card import ModelCard
from backend.events import StopReason
from backend.language import _
from backend.sanitise import quoted


def remarks(posed: Posed, card: ModelCard, parser: FindingParser, reason: StopReason, tokens: int) -> tuple[str, ...]:
    """The warnings of an answer that ended for `reason` after so many tokens, one sentence each."""
    said = [f"{quoted(picture.name)}: {note}" for picture in posed.question.pictures for note in picture.notes]
    said += _ending(card, parser, reason, tokens)
    if posed.task.grounds and not parser.findings:
        said.append(_("the model located nothing that fits the question"))
    said += [note for note in parser.warnings if not (parser.looping and note.startswith(_(REPEATED)))]
    if card.bundled and card.note:
        said.append(_(card.note))
    return tuple(said)


def _ending(card: ModelCard, parser: FindingParser, reason: StopReason, tokens: int) -> list[str]:
    if parser.looping:
        return [_("the list repeated itself and was stopped after {repeats} repeats").format(repeats=parser.repeats)]
    match reason:
        case "length":
            return [_("the answer was cut off after {tokens} tokens; raise --max-tokens for more").format(tokens=tokens)]
        case "context":
            return [_("the answer was cut off: the model's context of {context} tokens is full").format(context=card.context)]
        case "loop":
            return [_("the answer repeated itself and was stopped")]
        case "end":
            return []
