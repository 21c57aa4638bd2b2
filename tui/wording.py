"""How findings and the state of an answer are put into words; pure functions from values to styled text.

`Content` rather than `rich.text.Text`, so that colours are the theme's and change with it. Nothing is parsed as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from backend.answer import Answer
from backend.export.palette import colour_for, ink_on
from backend.language import _, ngettext
from backend.sanitise import lines, one_line
from backend.scene import Box, Box3D, DepthMap, DepthUnit, Finding, Point, Window
from backend.spatial.depth import FindingDepth, shows_depth
from tui import evidence, progress
from tui.conversation import Exchange, Stage
from tui.glyphs import Glyphs
from tui.preview.canvas import packed
from tui.prose import pointing

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
    from backend.export.heatmap import legend_of, nearness  # numpy and Pillow, which the first frame does without

    far, near, meaning = legend_of(depth, nearness(depth)[1])
    ends = "" if depth.unit is DepthUnit.INVERSE else _(", {near} to {far}").format(near=near, far=far)
    even = "" if shows_depth(depth) else _("; it sees no depth here")
    said = meaning.partition(":")[0].partition(" along")[0]
    source = one_line(depth.source, 40)
    return _("{source}: light is near{ends}; {meaning}{even}").format(source=source, ends=ends, meaning=said, even=even)


def depth(found: FindingDepth | None, *, unicode: bool) -> str:
    """How far a finding is, with its spread."""
    if found is None:
        return _("depth not known")
    sign, unit = "±" if unicode else "+-", " m" if found.unit is DepthUnit.METRES else ""
    return f"{found.value:.3g} {sign} {found.spread:.2g}{unit}"


def asked(question: str) -> str:
    """A question as the conversation shows it; of a very long one the beginning."""
    shown = lines(question)
    if len(shown) <= _LONGEST:
        return shown
    return _("{beginning}… ({count:,} characters)").format(beginning=shown[:_LONGEST], count=len(question))


def question(exchange: Exchange, manner: Manner, place: tuple[int, int]) -> Content:
    """The question above a reply. `place`: which of its alternatives it is, from 1, and of how many."""
    at, of = place
    left, right = ("‹", "›") if manner.glyphs.ellipsis == "…" else ("<", ">")
    which = f"  {left}{at}/{of}{right}" if of > 1 else ""
    prompt = (f"{manner.glyphs.prompt} ", "bold $accent")
    window = exchange.window
    part = "" if window is None else f"\n  {part_asked(window, manner.glyphs)}"
    return Content.assemble(prompt, (asked(exchange.question), "bold"), (which, "$accent"), (part, "$faint"))


def part_asked(window: Window, signs: Glyphs) -> str:
    """Which part of the picture was asked about."""
    right, bottom = window.left + window.width, window.top + window.height
    x, y = f"{window.left:.0f}{signs.ellipsis}{right:.0f}", f"{window.top:.0f}{signs.ellipsis}{bottom:.0f}"
    return _("about the visible part: x {x}, y {y} px").format(x=x, y=y)


def branch(manner: Manner) -> Content:
    """Below an answer that was gone on from, while the path ends there."""
    return Content.styled(f"{manner.glyphs.arrow} {_('the next question goes on from here')}", "$accent")


def sureness(confidence: float | None) -> str:
    return "" if confidence is None else f"{min(confidence, 0.99):.0%}"


def told(index: int, finding: Finding) -> str:
    """A finding on one line of plain text: its number, name, place and how sure the model was."""
    parts = (str(index + 1), one_line(finding.label) or _("unnamed"), where(finding), sureness(finding.confidence))
    return "  ".join(filter(None, parts))


def chip_style(index: int, finding: Finding) -> str:
    """How a finding's number is written: black or white on its colour."""
    colour = colour_for(index, finding)
    return f"bold #{packed(ink_on(colour)):06x} on #{packed(colour):06x}"


def found(findings: Sequence[Finding], units: Sequence[int] = (), under_cursor: int | None = None) -> Content:
    """The findings' names in one sentence, each with its number as in the picture; places are in the table. `units`: which
    units of the answer they are."""
    names = []
    for index, finding in enumerate(findings):
        name = Content.assemble((f"{index + 1}", chip_style(index, finding)), f" {one_line(finding.label) or _('unnamed')}")
        names.append(pointing(name, units[index] if units else None, under_cursor))
    return Content(", ").join(names)


@dataclass(frozen=True, slots=True)
class Manner:
    """How replies are written."""

    glyphs: Glyphs
    known: tuple[str, ...] = ()
    """A warning that the status line says all the time and that needs no repeating under every answer; in each language in
    which it was said."""
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
    sign = manner.glyphs.unfolded if manner.thoughts else manner.glyphs.folder
    took = f" ({progress.duration(exchange.thought_ms)})" if exchange.thought_ms else ""
    count = exchange.thoughts
    if exchange.stage is Stage.THINKING:
        said = ngettext("thinking, {count:,} token", "thinking, {count:,} tokens", count)
    else:
        said = ngettext("thought for {count:,} token", "thought for {count:,} tokens", count)
    line = f"{sign} {said.format(count=count)}{took}"
    reasoning = lines(exchange.reasoning.strip()) if manner.thoughts else ""
    return Content.styled(f"{line}\n{reasoning}" if reasoning else line, "$faint")


def rows(
    exchange: Exchange, manner: Manner, *, said: bool, units: Sequence[int] = (), under_cursor: int | None = None
) -> Content:
    """What stands below the model's words: findings, claims, warnings and how it ended. `said`: whether there are words;
    `units`: which units of the answer the findings and then the claims are."""
    parts: list[Content] = []
    names = len(exchange.findings)
    if exchange.findings:
        parts.append(found(exchange.findings, units[:names], under_cursor))
    elif exchange.stage is Stage.ANSWERED and not said:
        parts.append(Content(_("No text was read.") if exchange.reads else _("Nothing found.")))
    if exchange.claims:
        everything = manner.evidence
        parts.append(
            evidence.judged(
                exchange.claims, manner.glyphs, everything=everything, units=units[names:], under_cursor=under_cursor
            )
        )
    if exchange.answer is not None:
        parts += evidence.backing(exchange.answer, manner.glyphs, everything=manner.evidence)
    if exchange.since:
        parts.append(Content.styled(f"! {since(exchange)}", "$warning"))
    if ending := _ending(exchange, manner):
        parts.append(ending)
    return Content("\n").join(parts)


def since(exchange: Exchange) -> str:
    """What became of an exchange's pictures since the question was asked, in an earlier run."""
    several = len(exchange.pictures) > 1
    if exchange.since == "missing":
        return _("One of the pictures is not there any more.") if several else _("The picture is not there any more.")
    if several:
        return _("One of the pictures has changed since this was asked: what was found may not be there any more.")
    return _("The picture has changed since this was asked: what was found may not be there any more.")


def _ending(exchange: Exchange, manner: Manner) -> Content | None:
    if exchange.stage in (Stage.CANCELLED, Stage.INTERRUPTED):
        return Content.styled(progress.stage(exchange), "$warning")
    if exchange.error is not None:
        ending = Content.styled(lines(exchange.error.message), "$error")
        cure = exchange.error.cure
        return Content.assemble(ending, (f"\n{manner.glyphs.arrow} {lines(cure)}", "$faint")) if cure else ending
    if exchange.answer is not None:
        return _colophon(exchange.answer, manner, reads=exchange.reads)
    return None


def _colophon(answer: Answer, manner: Manner, *, reads: bool) -> Content:
    timings = answer.timings
    made = ngettext("{count} token", "{count} tokens", timings.tokens).format(count=timings.tokens)
    facts = [progress.duration(timings.total_ms), _("read by RapidOCR, not by the model") if reads else made]
    if timings.reused_tokens:
        facts.append(_("{count} reused").format(count=timings.reused_tokens))
    last = Content.styled(f" {manner.glyphs.dot} ".join(facts), "$faint")
    warned = [
        Content.styled(f"! {one_line(warning)}", "$warning") for warning in answer.warnings if warning not in manner.known
    ]
    return Content("\n").join([*warned, last])
