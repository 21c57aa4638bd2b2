"""What stands below a question: the model's words as Markdown, with their marks, and the rows that back them.

It is made anew for each change and is cheap to make while it streams: only the last block is parsed again. Whoever shows it
compares parts and touches those alone that have changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from backend.scene import Span
from tui import evidence, prose, wording
from tui.blocks import Block, Form, Group
from tui.exchange import Exchange
from tui.laid import Laid
from tui.markdown import parsed
from tui.prose import UNDER_CURSOR, Mark
from tui.units import Unit, units_of
from tui.wording import Manner

_JSON = re.compile(r"\{|\[\s*(?:[\[{\"\-\d]|\Z)")


@dataclass(frozen=True, slots=True)
class Part:
    """One group of blocks with all that it depends on, so that two can be compared."""

    text: str
    """Of the group alone."""
    blocks: tuple[Block, ...]
    marks: tuple[Mark, ...]
    apart: bool
    """A blank line stands before it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Everything below one question."""

    text: str
    parts: tuple[Part, ...]
    units: tuple[Unit, ...]
    rows: Content
    settled: tuple[Group, ...]
    """Groups that more text cannot change any more."""

    def laid(self, part: Part, manner: Manner) -> Laid:
        return Laid(self.text, part.blocks, part.marks, manner.glyphs)


def reply_to(
    exchange: Exchange,
    manner: Manner,
    *,
    lit: int | None = None,
    under_cursor: int | None = None,
    settled: Sequence[Group] = (),
) -> Reply:
    """The reply as it is now. `lit`: the claim whose words stand out, by its place; `under_cursor`: the unit that does;
    `settled`: what was in the reply that was made last while this one streams."""
    text = exchange.text
    groups = _groups(exchange, manner, settled)
    units = units_of(exchange, groups)
    below = [index for index, unit in enumerate(units) if unit.span is None]
    rows = wording.rows(exchange, manner, said=bool(groups), units=below, under_cursor=under_cursor)
    marks = list(_marks(exchange, manner, lit, units, under_cursor))
    parts = tuple(
        Part(
            text[slice(*group.span)],
            group.blocks,
            tuple(mark for mark in marks if mark.span[0] < group.span[1] and mark.span[1] > group.span[0]),
            number > 0 and _blank_before(text, group.span[0]),
        )
        for number, group in enumerate(groups)
    )
    return Reply(text, parts, units, rows, () if exchange.stage.over else tuple(groups[:-1]))


def plain(exchange: Exchange, manner: Manner, lit: int | None = None) -> Content:
    """The reply as one text: what is copied."""
    reply = reply_to(exchange, manner, lit=lit)
    said: list[Content] = []
    for part in reply.parts:
        said += [*([Content("")] if part.apart else []), reply.laid(part, manner).content(10_000)]
    return Content("\n").join([*said, reply.rows] if reply.rows else said)


def _groups(exchange: Exchange, manner: Manner, settled: Sequence[Group]) -> list[Group]:
    text = exchange.text
    shown = _shown(exchange, manner)
    if manner.words or _is_data(text, shown):
        return [Group((0, len(text)), (Block(Form.TEXT, (tuple(shown),)),))] if shown else []
    start = settled[-1].span[1] if settled else 0
    return [*settled, *parsed(text, shown, start)]


def _shown(exchange: Exchange, manner: Manner) -> list[Span]:
    return prose.whole(exchange.text) if manner.words else prose.kept(exchange.text, streaming=not exchange.stage.over)


def _is_data(text: str, shown: Sequence[Span]) -> bool:
    """Whether what is shown begins with JSON, which is no Markdown."""
    return bool(shown) and _JSON.match(text, shown[0][0]) is not None


def _marks(exchange: Exchange, manner: Manner, lit: int | None, units: Sequence[Unit], under_cursor: int | None) -> list[Mark]:
    answer, text = exchange.answer, exchange.text
    marks = [Mark((0, len(text)), "$faint")] if _is_data(text, _shown(exchange, manner)) else []
    for index, unit in enumerate(units):
        if unit.span is not None:
            marks.append(Mark(unit.span, "", UNDER_CURSOR if index == under_cursor else "", unit=index))
    if answer is not None:
        marks += evidence.marks(answer.claims, answer.tags, manner.glyphs, lit, answer.moments)
    return marks


def _blank_before(text: str, at: int) -> bool:
    """Whether the line before is empty."""
    before = text[:at].rstrip(" \t\r")
    return before.endswith("\n") and before[:-1].rstrip(" \t\r").endswith("\n")
