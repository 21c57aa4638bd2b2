"""What the model is doing, for the status line: how far one question is, or several, and how long it all took."""

from __future__ import annotations

from collections.abc import Sequence

from backend.language import _, ngettext
from backend.sanitise import one_line
from tui.exchange import Exchange, Stage
from tui.glyphs import Glyphs


def duration(milliseconds: float) -> str:
    """Milliseconds below a second, seconds above; of the tenths that a session keeps, so that it says the same when it is
    opened again."""
    milliseconds = round(milliseconds, 1)
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


def stage(exchange: Exchange) -> str:
    """How far a question is."""
    done, total = exchange.progress
    match exchange.stage:
        case Stage.WAITING:
            return _("reading the text") if exchange.reads else _("opening the picture")
        case Stage.LOADING:
            return _("loading the model {done} %").format(done=done)
        case Stage.LOOKING:
            return _("looking at the picture {done}/{total} layers").format(done=done, total=total)
        case Stage.READING:
            reading = _("reading {done}/{total}, {reused} reused") if exchange.reused else _("reading {done}/{total}")
            return reading.format(done=done, total=total, reused=exchange.reused)
        case Stage.THINKING:
            said = ngettext("thinking, {count} token", "thinking, {count} tokens", exchange.thoughts)
            return said.format(count=exchange.thoughts)
        case Stage.ANSWERING:
            said = ngettext("answering, {count} token", "answering, {count} tokens", exchange.tokens)
            return said.format(count=exchange.tokens)
        case Stage.ANSWERED:
            return ", ".join([_("ready"), *_figures(exchange)])
        case Stage.CANCELLED:
            return _("stopped")
        case Stage.INTERRUPTED:
            return _("interrupted")
        case Stage.FAILED:
            return _("the last answer failed")


def _figures(exchange: Exchange) -> list[str]:
    """What an answer took: until its first token, tokens in a second, and what of its prompt was known already."""
    if exchange.answer is None or exchange.reads:
        return []
    timings = exchange.answer.timings
    figures = []
    if timings.first_token_ms:
        figures.append(_("first token after {time}").format(time=duration(timings.first_token_ms)))
    if timings.tokens_per_s:
        figures.append(_("{rate:.0f} tokens/s").format(rate=timings.tokens_per_s))
    if exchange.reused:
        figures.append(_("reused {reused:,} of {all:,} tokens").format(reused=exchange.reused, all=exchange.prompt))
    return figures


def overall(exchanges: Sequence[Exchange]) -> str:
    """What the model is doing about several questions at once: the first that is not over, and how many are."""
    over = sum(exchange.stage.over for exchange in exchanges)
    first = next((exchange for exchange in exchanges if not exchange.stage.over), exchanges[-1])
    said = stage(first)
    if len(exchanges) == 1 or over == len(exchanges):
        return said
    return _("{said}, {over}/{all} done").format(said=said, over=over, all=len(exchanges))


def looking_ahead(name: str, done: int, total: int, glyphs: Glyphs) -> str:
    """What the model reads before it is asked."""
    return _("looking ahead at {name} {dots} {done}/{total}").format(
        name=one_line(name, 24), dots=glyphs.ellipsis, done=done, total=total
    )
