"""A film as pictures of a question: frames in the number and the size that fit the model's context beside an answer."""

from __future__ import annotations

from dataclasses import replace

from backend.catalog.card import ModelCard
from backend.media.film import Film
from backend.media.film.choice import Wanted, choose
from backend.media.film.film import KEPT_PIXELS
from backend.media.film.sampling import Budget
from backend.scene import Picture

LEAST_TOKENS, MOST_TOKENS = 128, 768
"""Image tokens of a frame between which Qwen3-VL's own video processor stays (qwen-vl-utils: VIDEO_MIN_TOKEN_NUM,
VIDEO_MAX_TOKEN_NUM); below the least, fewer frames are better than smaller ones."""
_SHARE = 3, 4
"""Of the context beside the answer that pictures may take: what `Showing.views` gives them."""
_HELD_PIXELS = 48_000_000
"""Of all frames together: 144 MB. Each keeps more than it is shown with, for looking at parts of it again."""


def frames_for(film: Film, wanted: Wanted, card: ModelCard, answer_tokens: int | None = None, beside: int = 0) -> list[Picture]:
    """The frames of a film to show to that model with one question, in the order of time.

    A model that was taught pairs of frames gets the second of each as `Picture.later` of the first. `answer_tokens` as in
    `Question.max_tokens`; `beside`: how many other pictures the question has. What had to be left out is in the first
    one's notes. Raises UsageError where the film has no such part.
    """
    chosen = choose(film, wanted, budget_of(card, answer_tokens, beside))
    most = max(1, min(KEPT_PIXELS, _HELD_PIXELS // len(chosen.times)))
    pictures = list(film.frames(chosen.times, most))
    if _merges(card):
        pictures = [
            replace(first, later=pictures[n + 1]) if n + 1 < len(pictures) else first
            for n, first in enumerate(pictures)
            if n % 2 == 0
        ]
    notes = (*film.info.notes, *chosen.notes)
    return [replace(pictures[0], notes=(*pictures[0].notes, *notes)), *pictures[1:]]


def budget_of(card: ModelCard, answer_tokens: int | None = None, beside: int = 0) -> Budget:
    """Image tokens that the frames of one film may cost together, and one of them."""
    usual = card.image_tokens.default
    part, whole = _SHARE
    room = (card.context - (answer_tokens or card.max_tokens)) * part // whole - beside * usual
    if _merges(card):  # two frames cost what one does
        return Budget(max(2, 2 * room), min(LEAST_TOKENS, usual), min(MOST_TOKENS, usual))
    return Budget(max(1, room), min(LEAST_TOKENS, usual), min(MOST_TOKENS, usual))


def _merges(card: ModelCard) -> bool:
    """Whether this model is shown pairs of frames, each as one picture. A server cannot be told that two belong together."""
    return card.frame_pairs and card.server is None
