"""What Markdown is made of: blocks, in spans of the answer's own text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from backend.scene import Span
from tui.prose import Mark


class Form(Enum):
    """What a block is."""

    TEXT = auto()
    HEADING = auto()
    CODE = auto()
    RULE = auto()
    TABLE = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, an item of a list, a table … in spans of the answer's text."""

    form: Form
    cells: tuple[tuple[Span, ...], ...] = ()
    """What is shown: one cell, or those of a table, row by row. A span may be empty: there the line ends."""
    styles: tuple[Mark, ...] = ()
    lead: str = ""
    """Written before it: `-` for a point, `1.` for a number."""
    depth: int = 0
    """Of lists: how many it stands in."""
    quoted: int = 0
    """How many quotations it stands in."""
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """What one block at the top level becomes, and the part of the text that it is made of."""

    span: Span
    blocks: tuple[Block, ...]
