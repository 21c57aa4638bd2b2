"""How a picture is shown to the model: how many tokens it may cost, and on which raster.

The engine reuses what it has read only where it is shown the same pixels again, so everyone who shows a picture (a
question, the search for evidence, a look ahead) takes its view from here, and a picture keeps the size at which it was
shown until a question needs more: reading it anew costs more than a smaller size would save.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from threading import Lock

from backend.ask.task import Task
from backend.catalog.card import ModelCard, TokenBudget
from backend.errors import UsageError
from backend.language import _
from backend.media.fit import CELL, plan, raster
from backend.scene import Picture, Raster, View, Window

GROUNDING_LEAST, GROUNDING_MOST = 1024, 2048
"""Image tokens between which real weights find things best (llama.cpp issue 16842)."""

_KEPT_RASTERS = 8
_KEPT_SIZES = 4096
"""Pictures whose size is remembered: more than a folder has, fewer than a camera gives."""


def budget(tokens: TokenBudget, picture: Picture, *, closely: bool) -> int:
    """Image tokens that a picture is worth to a question.

    To one that depends on where things are (`Task.closely`): one token for each 32×32 pixels that the picture has, but
    at least 1024, to which a small picture is enlarged, and at most 2048. To every other: the card's default.
    The card's bounds hold always; a model made for fewer than 1024 tokens (the demo) is given its default for everything.
    """
    if not closely or tokens.max < GROUNDING_LEAST:
        return tokens.default
    least = max(GROUNDING_LEAST, tokens.default)
    most = min(max(GROUNDING_MOST, least), tokens.max)
    return min(max(_cells(picture), least), most)


def _time(picture: Picture) -> float | None:
    """Of a frame its time, of two that are merged the middle of both: what Qwen3-VL's processor writes."""
    if picture.time is None or picture.later is None or picture.later.time is None:
        return picture.time
    return (picture.time + picture.later.time) / 2


def _heading(number: int, time: float | None, film: bool) -> str:
    """What stands before one of several pictures; before frames of one film what Qwen3-VL was taught."""
    stamp = "" if time is None else f"<{time:.1f} seconds>"
    return stamp if film else f"Picture {number}: {stamp}"


def _cells(picture: Picture) -> int:
    """Squares of 32×32 pixels that cover the picture."""
    return -(-picture.width // CELL) * -(-picture.height // CELL)


_TOKEN_PIXELS = 32 * 32
"""Of the raster, for one image token."""


class Showing:
    """What was shown to one model, and how the next picture is. Safe to use from several threads."""

    def __init__(self, card: ModelCard) -> None:
        self._card = card
        self._lock = Lock()
        self._shown: dict[str, int] = {}
        """Budget at which each picture (by its SHA-256) was last shown with a question."""
        self._ahead: dict[str, int] = {}
        """Budget of each picture that was, or is being, read ahead."""
        self._rasters: dict[tuple[str, View], Raster] = {}

    def expect(self, pictures: Iterable[Picture], task: Task, most: int | None = None) -> None:
        """Pictures are about to be shown for a task, each for `most` tokens where that is less than the task is worth. Said for
        all questions of a batch before the first is shown, so that one picture has one size in it."""
        with self._lock:
            for picture in pictures:
                worth = budget(self._card.image_tokens, picture, closely=task.closely)
                wanted = worth if most is None else max(1, min(worth, most))
                size = max(wanted, self._known(picture))
                self._shown.pop(picture.sha256, None)
                self._shown[picture.sha256] = size
            while len(self._shown) > _KEPT_SIZES:
                self._shown.pop(next(iter(self._shown)))

    def expect_as(self, pictures: Sequence[Picture], sizes: Sequence[tuple[int, int]], part: Window | None = None) -> None:
        """Pictures are to be shown in just these sizes (pixels), where some budget of theirs gives them."""
        for picture, size in zip(pictures, sizes, strict=False):
            least = size[0] * size[1] // _TOKEN_PIXELS
            for most in range(max(1, least), 2 * least + 1):
                view = plan(picture, part, most, min(self._card.image_tokens.min, most), self._card.coordinates)
                if (view.raster_width, view.raster_height) == size:
                    with self._lock:
                        self._shown[picture.sha256] = most
                    break

    def expect_ahead(self, picture: Picture) -> None:
        """A picture is about to be read before anything is asked: at the size it is known in, else as for locating, which
        serves every question."""
        with self._lock:
            self._ahead[picture.sha256] = self._known(picture) or budget(self._card.image_tokens, picture, closely=True)

    def gave_up_ahead(self, picture: Picture) -> None:
        """The reading was not finished: the next question need not pay for its size."""
        with self._lock:
            self._ahead.pop(picture.sha256, None)

    def views(self, pictures: Sequence[Picture], answer_tokens: int, part: Window | None = None) -> list[View]:
        """How expected pictures are shown together: whole (of one alone perhaps a `part`), within their budgets and their share
        of the context. A part is worth as many tokens as the whole: that is what makes it be seen better.

        Raises UsageError where the context has no room for them beside an answer.
        """
        card = self._card
        room = (card.context - answer_tokens) * 3 // 4 // len(pictures)
        if room < 1:
            raise UsageError(
                _("{count} pictures and {answer_tokens} answer tokens do not fit into {context} tokens of context").format(
                    count=len(pictures), answer_tokens=answer_tokens, context=card.context
                ),
                cure=_("ask about fewer pictures, or lower --max-tokens"),
            )
        with self._lock:
            budgets = [min(self._known(picture), room) for picture in pictures]
        return [
            plan(picture, part, most, min(card.image_tokens.min, most), card.coordinates)
            for picture, most in zip(pictures, budgets, strict=True)
        ]

    def opening(self, views: Sequence[View]) -> tuple[str | Raster, ...]:
        """The parts of a first message up to and including the last picture."""
        parts: list[str | Raster] = []
        film = len({view.picture.path for view in views if view.picture.time is not None}) == 1
        film = film and all(view.picture.time is not None for view in views)
        for number, view in enumerate(views, 1):
            if len(views) > 1:
                parts.append(_heading(number, _time(view.picture), film))
            parts.append(self._raster(view))
        return tuple(parts)

    def _known(self, picture: Picture) -> int:
        return max(self._shown.get(picture.sha256, 0), self._ahead.get(picture.sha256, 0))

    def _raster(self, view: View) -> Raster:
        """The view's pixels; those of the last few pictures are kept, so that a follow-up does not resize again."""
        later = view.picture.later
        seen = view.picture.sha256 + (later.sha256 if later else "")
        key = (seen, replace(view, picture=replace(view.picture, rgb=b"", later=None)))
        with self._lock:
            kept = self._rasters.get(key)
        if kept is None:
            kept = raster(view)
            with self._lock:
                while len(self._rasters) >= _KEPT_RASTERS:
                    self._rasters.pop(next(iter(self._rasters)))
                self._rasters[key] = kept
        return kept
