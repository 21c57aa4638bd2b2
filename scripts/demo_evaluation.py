"""How well the shipped demo model answers, measured through the program's own pipeline on scenes that it was never trained
on.

Every scene is asked one question of each kind, half of the scenes in English and half in Chinese, in wordings drawn like
those of the training. What is scored is what a user gets: boxes in pixels of the picture after prompting, llama.cpp,
parsing and conversion.
"""

from __future__ import annotations

import io
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from backend.answer import Answer
from backend.ask.pipeline import Asker
from backend.ask.task import Question, Turn
from backend.errors import EmptyAnswer, EngineFailure
from backend.events import Done, Failed
from backend.media.fit import grid
from backend.media.images import load_bytes
from backend.scene import Picture
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.answers import Language, named
from backend.synthetic.questions import ASKERS, Exchange, Kind, Wanted, absence, follow_up, phrase, which_picture
from backend.synthetic.scenes import AnyScene, Corners, Thing, draw_scene
from backend.synthetic.strangers import NEVER_TAUGHT
from backend.synthetic.wordings import LOCATE_ONE, WHERE

SECOND_PICTURES = 2 * EVALUATION_SEEDS
"""First seed of the second picture in questions about two."""
GOALS = {
    "locate one: mean IoU": 0.80,
    "locate one: IoU > 0.5": 0.92,
    "locate every: F1 at IoU 0.5": 0.85,
    "relations": 0.95,
    "count": 0.90,
    "absent recognised": 0.95,
}
"""What this model must reach, from the project's issue."""


@dataclass(slots=True)
class Tally:
    """Scores by line of the table. `matches`: found rightly, found wrongly, missed."""

    scores: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    matches: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    wrong: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Scene, question, expected and given answer of what went wrong."""

    def table(self) -> dict[str, tuple[float, int]]:
        """Mean and number of questions of every line."""
        lines = {name: (sum(values) / len(values), len(values)) for name, values in self.scores.items()}
        for name, (right, false, missed) in self.matches.items():
            lines[name] = (2 * right / max(1, 2 * right + false + missed), right + missed)
        return dict(sorted(lines.items(), key=lambda line: (line[0] not in GOALS, line[0])))


def overlap(a: Corners, b: Corners) -> float:
    """Intersection over union."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared + 1e-9)


def picture_of(scene: AnyScene, name: str) -> Picture:
    """The scene as the program would read it from a file."""
    file = io.BytesIO()
    scene.render().save(file, "PNG")
    return load_bytes(file.getvalue(), name)


def answer_to(asker: Asker, question: Question) -> Answer:
    """The end of the stream."""
    *_, last = asker.ask(question)
    if isinstance(last, Failed) and isinstance(last.error, EmptyAnswer):
        return Answer(question.text, question.task, "", ())
    if isinstance(last, Failed):
        raise last.error
    if not isinstance(last, Done):
        raise EngineFailure(f"no answer to {question.text!r}", cure="run the evaluation again")
    return last.answer


class Examination:
    """All questions about one flat scene."""

    family = ""
    """What the names of the lines begin with."""
    askers = ASKERS

    def __init__(self, asker: Asker, tally: Tally, number: int) -> None:
        self.asker, self.tally, self.number = asker, tally, number
        self.scene = self.draw(EVALUATION_SEEDS + number)
        self.picture = picture_of(self.scene, f"scene {number}")
        self.rng = random.Random(EVALUATION_SEEDS + number)
        self.language: Language = "en" if number % 2 == 0 else "zh"
        self.grid = grid(self.scene.width, self.scene.height, asker.model.card.image_tokens.default)

    def draw(self, seed: int) -> AnyScene:
        """The scene of this seed."""
        return draw_scene(seed)

    def make(self, kind: Kind, present: bool | None = None) -> Exchange:
        """A question of that kind."""
        # Only the askers of single things take `present`.
        extra = {} if present is None else {"present": present}
        return self.askers[kind](self.rng, self.scene, self.language, self.grid, **extra)

    def answer(self, exchange: Exchange) -> Answer:
        """What the model says to it."""
        return answer_to(self.asker, Question(exchange.question, (self.picture,)))

    def put(self, kind: Kind, present: bool | None = None) -> tuple[Exchange, Answer]:
        """Ask a question of that kind."""
        exchange = self.make(kind, present)
        return exchange, self.answer(exchange)

    def right(self, line: str, exchange: Exchange, answer: Answer, score: float) -> None:
        """Note a score, and the answer where it is bad."""
        self.tally.scores[self.family + line].append(score)
        if score < 0.5:
            self.tally.wrong.append((self.number, exchange.question, exchange.answer, answer.text))

    def box_score(self, exchange: Exchange, answer: Answer) -> float:
        """IoU of the only box with the object; 0 for none, for several and for another label."""
        item = exchange.found[0][1]
        if len(answer.boxes) != 1 or answer.boxes[0].label != named(item, self.language):
            return 0.0
        box = answer.boxes[0]
        return overlap((box.x1, box.y1, box.x2, box.y2), item.box)

    def locating(self) -> None:
        """One object, then all, then those of a kind; boxes and points."""
        for kind in ("one", "where"):
            exchange, answer = self.put(kind, present=True)
            score = self.box_score(exchange, answer)
            self.right("locate one: mean IoU", exchange, answer, score)
            self.tally.scores[f"{self.family}locate one: IoU > 0.5"].append(score > 0.5)
            if not self.family:
                self.tally.scores[f"locate one, {exchange.found[0][1].shape.name}: mean IoU"].append(score)
        several: tuple[tuple[Kind, str], ...] = (
            ("every", "locate every: F1 at IoU 0.5"),
            ("some", "locate by colour or shape: F1 at IoU 0.5"),
        )
        for kind, line in several:
            exchange, answer = self.put(kind)
            counts = self.matched([item for _, item in exchange.found], answer)
            for n, count in enumerate(counts):
                self.tally.matches[self.family + line][n] += count
        exchange, answer = self.put("point", present=True)
        self.right("point inside the box", exchange, answer, self.pointed([exchange.found[0][1]], answer))
        exchange, answer = self.put("points")
        self.right("points inside their boxes", exchange, answer, self.pointed([item for _, item in exchange.found], answer))

    def matched(self, items: Sequence[Thing], answer: Answer) -> tuple[int, int, int]:
        """Boxes with the right label and IoU over 0.5, other boxes, objects without a box."""
        left = list(items)
        for box in answer.boxes:
            corners = (box.x1, box.y1, box.x2, box.y2)
            hit = next((x for x in left if named(x, self.language) == box.label and overlap(corners, x.box) > 0.5), None)
            if hit is not None:
                left.remove(hit)
        found = len(items) - len(left)
        return found, len(answer.boxes) - found, len(left)

    def pointed(self, items: Sequence[Thing], answer: Answer) -> float:
        """1 if there is exactly one point in every object's box, else 0."""
        left = list(items)
        for point in answer.points:
            hit = next((x for x in left if x.box[0] <= point.x <= x.box[2] and x.box[1] <= point.y <= x.box[3]), None)
            if hit is None:
                return 0.0
            left.remove(hit)
        return float(not left)

    def telling(self) -> None:
        """Questions that are answered in words."""
        kinds: tuple[tuple[Kind, str], ...] = (
            ("count", "count"),
            ("relation", "relations"),
            ("relation", "relations"),
            ("describe", "describe (all objects, in order)"),
        )
        for kind, line in kinds:
            exchange, answer = self.put(kind)
            self.right(line, exchange, answer, answer.text == exchange.answer)
        exchange, answer = self.put("exists", present=True)
        self.right("present recognised", exchange, answer, answer.text == exchange.answer)

    def absence(self) -> None:
        """Things that are not there, asked for in four ways."""
        asked: tuple[tuple[Kind, Callable[[Answer], object]], ...] = (
            ("one", lambda answer: answer.boxes),
            ("where", lambda answer: answer.boxes),
            ("point", lambda answer: answer.points),
            ("exists", lambda answer: not answer.text.startswith(("There is no ", "图中没有"))),
        )
        for kind, found in asked:
            exchange, answer = self.put(kind, present=False)
            self.right("absent recognised", exchange, answer, not found(answer))
        self.unheard_of()

    def unheard_of(self) -> None:
        """A noun that is in no scene and was in no question of the training."""
        wanted = Wanted(None, self.rng.choice(NEVER_TAUGHT))
        for forms in (LOCATE_ONE, WHERE):
            question = phrase(self.rng, forms, self.language, name=wanted.said(self.language))
            exchange = Exchange("where", self.language, question, absence(wanted, self.language), (), (wanted,), False)
            answer = self.answer(exchange)
            self.right("unheard-of nouns called absent", exchange, answer, not answer.boxes)

    def following(self) -> None:
        """A second question that leans on the first."""
        exchange, answer = self.put("one", present=True)
        after = follow_up(self.rng, self.scene, exchange, self.grid)
        if after is None:
            return
        history = (Turn(*answer.turn),)
        second = answer_to(self.asker, Question(after.question, (self.picture,), history=history))
        if after.kind == "relation":
            self.right("follow-up: relation", after, second, second.text == after.answer)
        elif after.present:
            self.right("follow-up: box IoU", after, second, self.box_score(after, second))

    def comparing(self) -> None:
        """Which of two pictures shows it."""
        other = self.draw(SECOND_PICTURES + self.number)
        exchange = which_picture(self.rng, (self.scene, other), self.language)
        pictures = (self.picture, picture_of(other, "the other picture"))
        answer = answer_to(self.asker, Question(exchange.question, pictures))
        self.right("which of two pictures", exchange, answer, answer.text == exchange.answer)


def examine(asker: Asker, kinds: Sequence[type[Examination]], scenes: Iterable[int], progress: Callable[[int], None]) -> Tally:
    """Ask everything about every scene, of each family as many."""
    tally = Tally()
    for number, kind in ((number, kind) for number in scenes for kind in kinds):
        one = kind(asker, tally, number)
        for part in (one.locating, one.telling, one.absence, one.following, one.comparing):
            part()
        progress(number)
    return tally
