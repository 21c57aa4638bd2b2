"""Where jump mode can go: the parts of the screen, and within them tabs, turns, findings and files that are in sight.

A finding has its letter twice, in its row and at its box in the picture. Letters are given out from the parts inwards, so that
those for the parts are always the same few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from textual.geometry import Offset, Region
from textual.screen import Screen

from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.file_list import FileList
from tui.widgets.findings_table import FindingsTable
from tui.widgets.picture_pane import PicturePane
from tui.widgets.tab_strip import TabStrip
from tui.widgets.viewer import Viewer

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""In the order in which they are given out: those under the resting fingers first."""
_LEAST = 3
"""Cells across that a list must have for its lines to be gone to."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Something that a letter goes to."""

    regions: tuple[Region, ...]
    """Where it is on the screen, in cells: a click there means it."""
    go: Callable[[], object]
    part: bool = False
    """A whole part of the screen, whose letter lies in its middle; others have it where they begin."""


def codes(count: int) -> list[str]:
    """Letters for so many places, at most 676: one each while they last, else the last ones each begin several of two."""
    every = len(LETTERS)
    begin = next((number for number in range(every) if every - number + number * every >= count), every)
    pairs = (first + second for first in LETTERS[every - begin :] for second in LETTERS)
    return [*LETTERS[: every - begin], *pairs][:count]


def landings(screen: Screen[None]) -> list[Landing]:
    """What there is to go to now: first what can have the focus, in the order in which Tab goes through it."""
    parts = [Landing((part.region,), part.focus, part=True) for part in screen.focus_chain]
    viewer, files = screen.query_one(Viewer), screen.query_one(FileList)
    conversation, table = screen.query_one(ConversationPane), screen.query_one(FindingsTable)
    inner = (
        *_tabs(screen.query_one(TabStrip), viewer),
        *_turns(conversation),
        *_rows(table, screen.query_one(PicturePane)),
        *_files(files),
    )
    return [*parts, *inner]


def _tabs(strip: TabStrip, viewer: Viewer) -> Iterator[Landing]:
    if strip.display:
        at = strip.content_region.offset
        for number, (start, width) in strip.starts.items():
            yield Landing((Region(at.x + start, at.y, width, 1),), partial(viewer.turn_to, number))


def _turns(pane: ConversationPane) -> Iterator[Landing]:
    for turn in pane.turns:
        seen = turn.region.intersection(pane.region)
        if seen.height and seen.width >= _LEAST:
            yield Landing((seen,), partial(_stand, pane, turn.exchange.id))


def _stand(pane: ConversationPane, id_: str) -> None:
    pane.stand_on(id_)
    pane.focus()


def _rows(table: FindingsTable, picture: PicturePane) -> Iterator[Landing]:
    """Rows in sight, with the boxes in the picture of those that are findings."""
    boxes = {} if table.tells else picture.places
    if not table.display:
        return
    room, top = table.scrollable_content_region, 0
    for number, height in enumerate(table.heights):
        line = Region(room.x, room.y + top - table.scroll_offset.y, room.width, height)
        top += height
        if room.contains_region(line):
            box = (boxes[number],) if number in boxes else ()
            yield Landing((line, *box), partial(_select, table, number))


def _select(table: FindingsTable, row: int) -> None:
    table.move_cursor(row=row, animate=False)
    table.focus()


def _files(files: FileList) -> Iterator[Landing]:
    room = files.scrollable_content_region
    if room.width >= _LEAST:
        first = files.scroll_offset.y
        for line in range(min(room.height, len(files.shown) - first)):
            yield Landing((Region(room.x, room.y + line, room.width, 1),), partial(_rest, files, first + line))


def _rest(files: FileList, at: int) -> None:
    files.cursor = at
    files.focus()


def beginning(landing: Landing, region: Region, size: Region, width: int) -> Offset:
    """Where the letters of a landing stand in one of its regions: `width` cells on the screen `size`. What has given its room
    away (the files of a narrow screen) has them at its edge."""
    x, y = region.x, region.y
    if landing.part:
        x, y = x + (region.width - width) // 2, y + (region.height - 1) // 2
    return Offset(max(0, min(x, size.width - width)), max(0, min(y, size.height - 1)))


def under(given: dict[str, Landing], at: tuple[int, int]) -> Landing | None:
    """What lies at a place of the screen: of several the innermost."""
    found = None
    for landing in given.values():
        if any(region.contains(*at) for region in landing.regions):
            found = landing
    return found
