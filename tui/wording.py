"""How findings and the state of an answer are put into words; pure functions from values to styled text.

`Content` rather than `rich.text.Text`, so that colours are the theme's and change with it. Nothing is parsed as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from backend.answer import Answer
from backend.export.heatmap import legend_of, nearness
from backend.export.palette import colour_for, ink_on
from backend.sanitise import lines, one_line
from backend.scene import Box, Box3D, DepthMap, DepthUnit, Finding, Point
from backend.spatial.depth import FindingDepth, shows_depth
from tui import evidence, prose
from tui.conversation import Exchange, Stage
from tui.glyphs import Glyphs
from tui.preview.canvas import packed

_LONGEST = 600
"""Characters of a question that are shown."""


def where(finding: Finding) -> str:
    """The place of a finding in the fewest words: pixels of the original, or metres as the model estimates them."""
    match finding:
        case Box():
            return f"{finding.x1:.0f},{finding.y1:.0f} {finding.x2:.0f},{finding.y2:.0f}"
        case Point():
            return f"{finding.x:.0f},{finding.y:.0f}"
        case Box3D(centre=(x, y, z)):
            return f"~{x:.1f} {y:.1f} {z:.1f} m"


def heat(depth: DepthMap) -> str:
    """What the colours of a depth map are, for the caption."""
    far, near, meaning = legend_of(depth, nearness(depth)[1])
    ends = "" if depth.unit is DepthUnit.INVERSE else f", {near} to {far}"
    even = "" if shows_depth(depth) else "; it sees no depth here"
    return f"{one_line(depth.source, 40)}: light is near{ends}; {meaning.partition(':')[0].partition(' along')[0]}{even}"


def depth(found: FindingDepth | None, *, unicode: bool) -> str:
    """How far a finding is, with its spread."""
    if found is None:
        return "depth not known"
    sign, unit = "±" if unicode else "+-", " m" if found.unit is DepthUnit.METRES else ""
    return f"{found.value:.3g} {sign} {found.spread:.2g}{unit}"


def duration(milliseconds: float) -> str:
    """Milliseconds below a second, seconds above."""
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


def asked(question: str) -> str:
    """A question as the conversation shows it; of a very long one the beginning."""
    shown = lines(question)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}… ({len(question):,} characters)"


def sureness(confidence: float | None) -> str:
    return "" if confidence is None else f"{min(confidence, 0.99):.0%}"


def chip_style(index: int, finding: Finding) -> str:
    """How a finding's number is written: black or white on its colour."""
    colour = colour_for(index, finding)
    return f"bold #{packed(ink_on(colour)):06x} on #{packed(colour):06x}"


def found(findings: list[Finding]) -> Content:
    """The findings' names in one sentence, each with its number as in the picture; places are in the table."""
    names = [
        Content.assemble((f"{index + 1}", chip_style(index, finding)), f" {one_line(finding.label) or 'unnamed'}")
        for index, finding in enumerate(findings)
    ]
    return Content(", ").join(names)


@dataclass(frozen=True, slots=True)
class Manner:
    """How replies are written."""

    glyphs: Glyphs
    known: str = ""
    """A warning that the status line says all the time and that needs no repeating under every answer."""
    words: bool = False
    """The model's own words, unabridged."""
    thoughts: bool = False
    """What it reasoned before them, unfolded."""
    evidence: bool = False
    """All that backs the answer, not only what speaks against it."""


def thoughts(exchange: Exchange, manner: Manner) -> Content:
    """What stands between question and reply: that the model has reasoned, and what, where it is unfolded."""
    if not exchange.thoughts:
        return Content("")
    count = f"{exchange.thoughts:,} token{'' if exchange.thoughts == 1 else 's'}"
    sign = manner.glyphs.unfolded if manner.thoughts else manner.glyphs.folder
    took = f" ({duration(exchange.thought_ms)})" if exchange.thought_ms else ""
    line = f"{sign} thinking, {count}" if exchange.stage is Stage.THINKING else f"{sign} thought for {count}{took}"
    reasoning = lines(exchange.reasoning.strip()) if manner.thoughts else ""
    return Content.styled(f"{line}\n{reasoning}" if reasoning else line, "$faint")


def reply(exchange: Exchange, manner: Manner, lit: int | None = None) -> Content:
    """Everything below the question: prose, findings, claims, warnings and how it ended. `lit`: the claim whose words stand
    out, by its place."""
    glyphs = manner.glyphs
    parts: list[Content] = []
    said = _said(exchange, manner, lit)
    if said:
        parts.append(said)
    if exchange.findings:
        parts.append(found(exchange.findings))
    elif exchange.stage is Stage.ANSWERED and not said:
        parts.append(Content("No text was read." if exchange.reads else "Nothing found."))
    if exchange.claims:
        parts.append(evidence.judged(exchange.claims, glyphs, everything=manner.evidence))
    if exchange.answer is not None:
        parts += evidence.backing(exchange.answer, glyphs, everything=manner.evidence)
    if ending := _ending(exchange, manner):
        parts.append(ending)
    return Content("\n").join(parts)


def _said(exchange: Exchange, manner: Manner, lit: int | None) -> Content:
    """The model's words, marked once the answer is whole."""
    text, answer = exchange.text, exchange.answer
    shown = prose.whole(text) if manner.words or not exchange.stage.over else prose.kept(text)
    if shown and text.startswith(("[", "{", "```"), shown[0][0]):
        return Content.styled(lines("".join(text[slice(*span)] for span in shown)), "$faint")
    marks = evidence.marks(answer.claims, answer.tags, manner.glyphs, lit, answer.moments) if answer is not None else ()
    return prose.marked(text, shown, marks)


def _ending(exchange: Exchange, manner: Manner) -> Content | None:
    if exchange.stage in (Stage.CANCELLED, Stage.INTERRUPTED):
        return Content.styled(progress(exchange), "$warning")
    if exchange.error is not None:
        ending = Content.styled(lines(exchange.error.message), "$error")
        cure = exchange.error.cure
        return Content.assemble(ending, (f"\n{manner.glyphs.arrow} {lines(cure)}", "$faint")) if cure else ending
    if exchange.answer is not None:
        return _colophon(exchange.answer, manner, reads=exchange.reads)
    return None


def _colophon(answer: Answer, manner: Manner, *, reads: bool) -> Content:
    timings = answer.timings
    facts = [duration(timings.total_ms), "read by RapidOCR, not by the model" if reads else f"{timings.tokens} tokens"]
    if timings.reused_tokens:
        facts.append(f"{timings.reused_tokens} reused")
    last = Content.styled(f" {manner.glyphs.dot} ".join(facts), "$faint")
    warned = [Content.styled(f"! {one_line(warning)}", "$warning") for warning in answer.warnings if warning != manner.known]
    return Content("\n").join([*warned, last])


def progress(exchange: Exchange) -> str:
    """What the model is doing, for the status line."""
    done, total = exchange.progress
    match exchange.stage:
        case Stage.WAITING:
            return "reading the text" if exchange.reads else "opening the picture"
        case Stage.LOADING:
            return f"loading the model {done} %"
        case Stage.LOOKING:
            return f"looking at the picture {done}/{total} layers"
        case Stage.READING:
            reused = f", {exchange.reused} reused" if exchange.reused else ""
            return f"reading {done}/{total}{reused}"
        case Stage.THINKING:
            return f"thinking, {exchange.thoughts} tokens"
        case Stage.ANSWERING:
            return f"answering, {exchange.tokens} tokens"
        case Stage.ANSWERED:
            rate = exchange.answer.timings.tokens_per_s if exchange.answer else 0.0
            facts = ["ready", f"{rate:.0f} tokens/s" if rate else ""]
            facts.append(f"reused {exchange.reused:,} of {exchange.prompt:,} tokens" if exchange.reused else "")
            return ", ".join(filter(None, facts))
        case Stage.CANCELLED:
            return "stopped"
        case Stage.INTERRUPTED:
            return "interrupted"
        case Stage.FAILED:
            return "the last answer failed"


def overall(exchanges: Sequence[Exchange]) -> str:
    """What the model is doing about several questions at once: the first that is not over, and how many are."""
    over = sum(exchange.stage.over for exchange in exchanges)
    first = next((exchange for exchange in exchanges if not exchange.stage.over), exchanges[-1])
    return (
        progress(first) if len(exchanges) == 1 or over == len(exchanges) else f"{progress(first)}, {over}/{len(exchanges)} done"
    )


def looking_ahead(name: str, done: int, total: int, glyphs: Glyphs) -> str:
    """What the model reads before it is asked."""
    return f"looking ahead at {one_line(name, 24)} {glyphs.ellipsis} {done}/{total}"
