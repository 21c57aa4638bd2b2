"""Markdown read for its structure alone: every character that is shown stays a piece of the answer's own text.

Claims, tags and moments are marked by their offsets in that text, so what a parser makes of it must lead back to it. Before
the text is parsed, every letter in it is replaced by a character of the private planes that says which letter it is; the
parser has nothing to do with letters but to carry them, and each of them comes out knowing where it stood. What comes out
incomplete (nested beyond all reason, a row longer than its table) is shown as it was written instead.

No HTML, no entities, no references: those stay the characters that they are. The target of a link is words beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from backend.scene import Span
from tui.blocks import Block, Form, Group
from tui.prose import Mark

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FIRST = 0xF0000
"""The first character of the private planes: the letter at offset n becomes the n-th after it."""
_LONGEST = 20_000
"""Characters of one text that are parsed; what is written to be slow takes the parser half a second then."""
_LETTERS = re.compile(r"(?:[^\t\n !-/:-@\[-`{-~0-9]|[0-9](?!\d{0,8}[.)](?:\s|\Z)))+")
"""Runs of all but white space and ASCII punctuation; of digits those that number no item of a list."""
_PLACES = "".join(map(chr, range(_FIRST, _FIRST + _LONGEST)))
_PLACE = re.compile(f"[{_PLACES[0]}-{_PLACES[-1]}]")
_STYLES = {"strong": "bold", "em": "italic", "s": "strike", "link": "underline"}
_CODE = "$secondary"


def parsed(text: str, shown: Sequence[Span], start: int = 0) -> list[Group]:
    """The groups of the text from `start` on, which begins a line; what `shown` leaves out counts as white space."""
    shown = list(_without_returns(text, shown))
    masked = _masked(text, shown, start)
    if not masked.strip():
        return []
    if len(masked) > _LONGEST:
        return [_verbatim(masked, 0, len(masked), start)]
    lettered = _LETTERS.sub(lambda found: _PLACES[found.start() : found.end()], masked)
    tops = list(_tops(_parser().parse(lettered)))
    lines = [0, *(at + 1 for at, char in enumerate(lettered) if char == "\n"), len(lettered) + 1]
    groups: list[Group] = []
    begins = [0, *(lines[tokens[0].map[0]] for tokens in tops[1:] if tokens[0].map), len(lettered)]
    for tokens, begin, end in zip(tops, begins, begins[1:], strict=False):
        reading = _Reading(lettered, lines, begin, end)
        blocks = tuple(reading.blocks(tokens))
        if reading.complete:
            groups.append(Group((start + begin, start + end), tuple(_moved(block, start, shown) for block in blocks)))
        else:
            groups.append(_verbatim(masked, begin, end, start))
    return groups


def _masked(text: str, shown: Sequence[Span], start: int) -> str:
    """The text from there on with spaces for what is not shown; as long as it was."""
    parts: list[str] = []
    at = start
    for begin, end in shown:
        if end > at:
            parts += (" " * (max(begin, at) - at), text[max(begin, at) : end])
            at = end
    parts.append(" " * (len(text) - at))
    return "".join(parts)


def _without_returns(text: str, shown: Sequence[Span]) -> Iterator[Span]:
    """Those, without the carriage returns of line ends."""
    for begin, end in shown:
        start = begin
        while (at := text.find("\r\n", start, end)) >= 0:
            yield start, at
            start = at + 1
        yield start, end


def _verbatim(masked: str, begin: int, end: int, start: int) -> Group:
    """A part of the text as it was written."""
    part = masked[begin:end]
    first = begin + len(part) - len(part.lstrip())
    span = (start + first, start + first + len(part.strip()))
    return Group((start + begin, start + end), (Block(Form.TEXT, ((span,),)),))


def _moved(block: Block, by: int, shown: Sequence[Span]) -> Block:
    """The block as it stands in the whole text, with only what is shown of it."""
    cells = tuple(tuple(_visible(cell, by, shown)) for cell in block.cells)
    styles = tuple(replace(one, span=(one.span[0] + by, one.span[1] + by)) for one in block.styles)
    return replace(block, cells=cells, styles=styles)


def _visible(spans: Iterable[Span], by: int, shown: Sequence[Span]) -> Iterator[Span]:
    for start, end in spans:
        if start == end:
            yield start + by, end + by
        for begin, stop in shown:
            if max(start + by, begin) < min(end + by, stop):
                yield max(start + by, begin), min(end + by, stop)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero", {"maxNesting": 20})
    parser.enable(["blockquote", "fence", "heading", "hr", "list", "table"])
    parser.enable(["backticks", "emphasis", "escape", "image", "link", "newline", "strikethrough"])
    parser.enable("balance_pairs")  # as the names are, that of the second round of emphasis and strikethrough as well
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005  it is shown, and never opened
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def _tops(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each block at the top level."""
    at: list[Token] = []
    for token in tokens:
        at.append(token)
        if token.level == 0 and token.nesting <= 0 and token.type != "inline":
            yield at
            at = []


@dataclass(slots=True)
class _Reading:
    """The tokens of one block at the top level, being led back to the text."""

    lettered: str
    lines: Sequence[int]
    """Where each line begins."""
    begin: int
    end: int
    found: int = 0
    """Letters that have come out of the parser."""
    _at: int = field(init=False)

    def __post_init__(self) -> None:
        self._at = self.begin

    @property
    def complete(self) -> bool:
        """Whether every letter has come out that went in."""
        return self.found == _letters(self.lettered[self.begin : self.end])

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        lead, depth, quoted, form = "", 0, 0, Form.TEXT
        table: list[tuple[Span, ...]] = []
        styles: list[Mark] = []
        columns = 0
        for token in tokens:
            if token.map is not None:
                self._at = max(self._at, self.lines[token.map[0]])
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    if lead:  # a list in an item that says nothing before it
                        yield Block(Form.TEXT, ((),), (), lead, depth, quoted)
                        lead = ""
                    depth += 1
                case "bullet_list_close" | "ordered_list_close":
                    depth -= 1
                case "list_item_open":
                    lead = f"{token.info}{token.markup}" if token.info else "-"
                case "list_item_close":
                    if lead:
                        yield Block(Form.TEXT, ((),), (), lead, depth, quoted)
                    lead = ""
                case "blockquote_open":
                    quoted += 1
                case "blockquote_close":
                    quoted -= 1
                case "heading_open":
                    form = Form.HEADING
                case "heading_close":
                    form = Form.TEXT
                case "table_open":
                    form, table, styles, columns = Form.TABLE, [], [], 0
                case "table_close":
                    yield Block(form, tuple(table), tuple(styles), lead, depth, quoted, max(columns, 1))
                    form, lead = Form.TEXT, ""
                case "hr":
                    yield Block(Form.RULE, (), (), lead, depth, quoted)
                    lead = ""
                case "fence":
                    yield self._fence(token, lead, depth, quoted)
                    lead = ""
                case "inline" if form is Form.TABLE:
                    cell, marks = self._inline(token)
                    table.append(cell)
                    styles += marks
                case "th_open":
                    columns += 1
                case "inline":
                    cell, marks = self._inline(token)
                    yield Block(form, (cell,), tuple(marks), lead, depth, quoted)
                    lead = ""

    def _fence(self, token: Token, lead: str, depth: int, quoted: int) -> Block:
        named = self._placed(token.info.strip())
        styles = [Mark(span, "$faint") for span in named]
        spans: list[Span] = list(named)
        for number, line in enumerate(token.content.removesuffix("\n").split("\n")):
            if number or named:
                spans.append((self._at, self._at))
            spans += self._placed(line)
        return Block(Form.CODE, (tuple(spans),), tuple(styles), lead, depth, quoted)

    def _inline(self, token: Token) -> tuple[tuple[Span, ...], list[Mark]]:
        """What is shown of a paragraph or a cell, and how."""
        spans: list[Span] = []
        styles: list[Mark] = []
        opened: list[tuple[int, Token]] = []
        for child in token.children or ():
            if child.type in ("text", "text_special"):
                spans += self._placed(child.content)
            elif child.type == "code_inline":
                placed = self._placed(child.content)
                styles += [Mark(span, _CODE) for span in placed]
                spans += placed
            elif child.type in ("softbreak", "hardbreak"):
                spans.append((self._at, self._at))
            elif child.type == "image":
                spans += self._placed(child.content)
                target = self._target(child)
                styles += [Mark(span, "$faint") for span in target]
                spans += target
            elif child.nesting == 1:
                opened.append((len(spans), child))
            elif child.nesting == -1 and opened:
                first, opener = opened.pop()
                manner = _STYLES[child.type.removesuffix("_close")]
                styles += [Mark(span, "", manner) for span in spans[first:] if span[0] < span[1]]
                target = self._target(opener)
                styles += [Mark(span, "$faint") for span in target]
                spans += target
        return tuple(_joined(spans)), styles

    def _target(self, token: Token) -> list[Span]:
        """Where a link or a picture would lead, with the brackets around it; nothing for any other token."""
        said = f"{token.attrs.get('href', token.attrs.get('src', ''))}{token.attrs.get('title', '')}"
        before = self._at
        if not (placed := self._placed(said)):
            return []
        start = self.lettered.rfind("(", before, placed[0][0])
        end = placed[-1][1]
        behind = self.lettered.find(")", end, self.end)
        if behind >= 0 and not self.lettered[end:behind].strip(" \"')>"):
            self._at = end = behind + 1
        return [(start if start >= 0 else placed[0][0], end)]

    def _placed(self, content: str) -> list[Span]:
        """Where those characters stand in the text, from where the last ones stood on."""
        letters = _letters(content)
        if letters and (at := self.lettered.find(content, self._at, self.end)) >= 0:  # nowhere else: a letter is there once
            self.found += letters
            self._at = at + len(content)
            return [(at, self._at)]
        spans: list[Span] = []
        known = [(number, ord(char) - _FIRST) for number, char in enumerate(content) if ord(char) >= _FIRST]
        coming = iter([*known, (len(content), self.end)])
        number, limit = next(coming)
        for index, char in enumerate(content):
            if index == number:
                at = limit
                self.found += 1
                number, limit = next(coming)
            else:
                at = self.lettered.find(char, self._at, limit)
                if char == " " and (ended := self.lettered.find("\n", self._at, limit if at < 0 else at)) >= 0:
                    at = ended  # of a line within code, which the parser makes a space
                if at < 0:  # nothing of the text: a space that fills up a tab
                    continue
            spans.append((at, at + 1))
            self._at = at + 1
        return _joined(spans)


def _letters(lettered: str) -> int:
    """How many there are."""
    return len(_PLACE.findall(lettered))


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Neighbours as one; empty spans, which end lines, stay."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and joined[-1][1] == start and joined[-1][0] < start < end:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
