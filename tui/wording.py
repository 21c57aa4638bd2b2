"""How findings, claims and the state of an answer are put into words; pure functions from values to styled text.

`Content` rather than `rich.text.Text`, so that colours are the theme's and change with it. Nothing is parsed as markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from backend.answer import Answer
from backend.export.palette import colour_of, ink_on
from backend.sanitise import lines, one_line
from backend.scene import Box, Box3D, Claim, Finding, Point, Ruling
from tui import solid_wording
from tui.conversation import Exchange, Stage
from tui.glyphs import Glyphs
from tui.preview.canvas import packed

_FENCED = re.compile(r"```[a-z]*\s.*?(?:```|\Z)", re.DOTALL)
_LONGEST = 600
"""Characters of a question that are shown."""
_COORDINATES = ('"bbox', '"box', '"point')


def where(finding: Finding) -> str:
    """The place of a finding in the fewest words: pixels of the original, or metres as the model estimates them."""
    match finding:
        case Box():
            return f"{finding.x1:.0f},{finding.y1:.0f} {finding.x2:.0f},{finding.y2:.0f}"
        case Point():
            return f"{finding.x:.0f},{finding.y:.0f}"
        case Box3D(centre=(x, y, z)):
            return f"~{x:.1f} {y:.1f} {z:.1f} m"


def duration(milliseconds: float) -> str:
    """Milliseconds below a second, seconds above."""
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


def asked(question: str) -> str:
    """A question as the conversation shows it; of a very long one the beginning."""
    shown = lines(question)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}… ({len(question):,} characters)"


def sureness(confidence: float | None) -> str:
    return "" if confidence is None else f"{min(confidence, 0.999) * 100:.0f}%"


def chip_style(index: int) -> str:
    """How a finding's number is written: black or white on its colour."""
    colour = colour_of(index)
    return f"bold #{packed(ink_on(colour)):06x} on #{packed(colour):06x}"


def relation(claim: Claim) -> str:
    return one_line(f"{claim.subject} {claim.relation.replace('_', ' ')} {claim.object}")


def ruling(claim: Claim, glyphs: Glyphs) -> tuple[str, str]:
    """The sign of geometry's ruling on a claim, and the theme's name for its colour."""
    match claim.verdict.ruling if claim.verdict else None:
        case Ruling.CONFIRMED:
            return glyphs.yes, "success"
        case Ruling.CONTRADICTED:
            return glyphs.no, "error"
        case _:
            return glyphs.unsure, "warning"


def spoken(text: str) -> str:
    """The prose of an answer: what is left without the coordinates, which the list of findings shows better."""
    rest = _FENCED.sub("", text)
    start = rest.find("[")
    while start != -1:
        try:
            _, length = json.JSONDecoder().raw_decode(rest[start:])
        except json.JSONDecodeError:
            if any(name in rest[start:] for name in _COORDINATES):
                rest = rest[:start]  # cut off in the middle of its coordinates
            break
        rest = rest[:start] + rest[start + length :]
        start = rest.find("[", start)
    return rest.strip()


def found(findings: list[Finding]) -> Content:
    """The findings' names in one sentence, each with its number as in the picture; places are in the table."""
    names = [
        Content.assemble((f"{index + 1}", chip_style(index)), f" {one_line(finding.label) or 'unnamed'}")
        for index, finding in enumerate(findings)
    ]
    return Content(", ").join(names)


def judged(claims: list[Claim], glyphs: Glyphs) -> Content:
    rows = []
    for claim in claims:
        sign, colour = ruling(claim, glyphs)
        verdict = claim.verdict
        rows.append(Content.assemble((f"{sign} ", f"bold ${colour}"), relation(claim)))
        said = f"{verdict.ruling.value}: {verdict.reason}" if verdict else "not checked: a name has no box"
        rows.append(Content.styled(one_line(said), "$faint"))
    return Content("\n").join(rows)


@dataclass(frozen=True, slots=True)
class Manner:
    """How replies are written."""

    glyphs: Glyphs
    known: str = ""
    """A warning that the status line says all the time and that needs no repeating under every answer."""
    words: bool = False
    """The model's own words, unabridged."""


def reply(exchange: Exchange, manner: Manner) -> Content:
    """Everything below the question: prose, findings, claims, warnings and how it ended."""
    glyphs, words = manner.glyphs, manner.words
    parts: list[Content] = []
    prose = lines(exchange.text.strip()) if words or not exchange.stage.over else lines(spoken(exchange.text))
    if prose:
        coordinates = prose.lstrip().startswith(("[", "{", "```"))
        parts.append(Content.styled(prose, "$faint") if coordinates else Content(prose))
    if exchange.findings:
        parts.append(found(exchange.findings))
    elif exchange.stage is Stage.ANSWERED and not prose:
        parts.append(Content("Nothing found."))
    if exchange.claims:
        parts.append(judged(exchange.claims, glyphs))
    if exchange.answer is not None and (exchange.answer.checks or exchange.camera is not None):
        parts.append(solid_wording.checked(exchange.answer, exchange.findings, glyphs))
    if ending := _ending(exchange, manner):
        parts.append(ending)
    return Content("\n").join(parts)


def _ending(exchange: Exchange, manner: Manner) -> Content | None:
    if exchange.stage is Stage.CANCELLED:
        return Content.styled("stopped", "$warning")
    if exchange.error is not None:
        ending = Content.styled(lines(exchange.error.message), "$error")
        cure = exchange.error.cure
        return Content.assemble(ending, (f"\n{manner.glyphs.arrow} {lines(cure)}", "$faint")) if cure else ending
    if exchange.answer is not None:
        return _colophon(exchange.answer, manner)
    return None


def _colophon(answer: Answer, manner: Manner) -> Content:
    timings = answer.timings
    facts = [duration(timings.total_ms), f"{timings.tokens} tokens"]
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
            return "opening the picture"
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
