"""What the evaluation itself must get right: the truth of scenes, the fit of the curve, and the tables made of the figures."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from backend.ask import confidence
from backend.ask.confidence import NAMES, logistic
from backend.media.film import open_film
from backend.scene import Claim
from backend.synthetic.perspective import draw_solids
from backend.synthetic.scenes import draw_scene
from scripts.evaluation import film_samples, films, geometry, reliability, report, summary
from scripts.evaluation.answers import Row, every_ruling_given
from scripts.evaluation.families import FAMILIES, MEASURED_FROM, Family
from scripts.evaluation.truth import holds, is_known, is_true


def row(**changed: object) -> Row:
    usual: dict[str, object] = {
        "family": "small",
        "second_looks": True,
        "relation": "left_of",
        "true": True,
        "clear": True,
        "ruling": "confirmed",
        "disagreed": False,
        "mirrored": True,
        "chance": None,
        "signs": (1.0, 0.5, 1.0, 1.0, 0.0, 0.0, 0.0),
    }
    return Row(**{**usual, **changed})  # type: ignore[arg-type]


def test_every_relation_has_just_one_of_two_opposites() -> None:
    flat, deep = draw_scene(MEASURED_FROM, None, 3, 5), draw_solids(MEASURED_FROM, None, 3, 4)
    for scene, pairs in ((flat, (("left_of", "right_of"), ("above", "below"))), (deep, (("in_front_of", "behind"),))):
        a, b = scene.objects[:2]
        for one, other in pairs:
            assert holds(one, a, b, scene) != holds(other, a, b, scene)
            assert holds(one, a, b, scene) == holds(other, b, a, scene)
            assert is_true(Claim("a", one, "b", negated=True), a, b, scene) != is_true(Claim("a", one, "b"), a, b, scene)


def test_what_nothing_is_known_of_is_refused() -> None:
    scene = draw_scene(MEASURED_FROM, None, 2, 2)
    assert not is_known("in_front_of", scene.objects[0])
    with pytest.raises(ValueError, match="nothing is known"):
        holds("inside", scene.objects[0], scene.objects[1], scene)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_families_draw_the_same_scene_and_question_for_one_seed(family: Family) -> None:
    made = []
    for _ in range(2):
        rng = random.Random(MEASURED_FROM + 7)
        scene = family.draw(rng)
        made.append((scene, family.ask(rng, scene, "en")))
    assert made[0] == made[1]


def test_true_boxes_are_ruled_on_rightly_wherever_the_truth_is_clear() -> None:
    counts = geometry.measured(6)
    clear = [count for name, count in counts.items() if name.endswith("exact, clear")]
    assert len(clear) == 3
    assert sum(count.get("wrong", 0) for count in clear) == 0
    assert sum(count.get("right", 0) for count in clear) >= 0.97 * sum(sum(count.values()) for count in clear)


def test_the_curve_that_made_the_rulings_is_found_again() -> None:
    rng = random.Random(5)
    rows = []
    for _ in range(4000):
        doubt = rng.uniform(0, 3)
        right = rng.random() < logistic(3 - 2 * doubt)
        rows.append(row(signs=(1.0, doubt, *(0.0 for _ in NAMES[2:])), true=right))
    weights = reliability.fitted(rows)
    assert weights["constant"] == pytest.approx(3, abs=0.3)
    assert weights["doubt"] == pytest.approx(-2, abs=0.2)
    for step in reliability.table(rows, tuple(weights.values())):
        if step["rulings"] > 100:
            assert step["said"] == pytest.approx(step["right"], abs=0.06)


def test_caught_is_what_was_contradicted_or_taken_back() -> None:
    rows = [
        row(true=False, ruling="contradicted"),
        row(true=False, ruling="undetermined", disagreed=True, mirrored=False),
        row(true=False),
        row(),
        row(ruling="contradicted"),
        row(ruling="contradicted", chance=0.4),
        row(true=False, ruling="contradicted", clear=False),
    ]
    figures = summary.of_answers(rows)
    everything = next(line for line in figures["verdicts"] if line["family"] == "all" and line["looks"] == "with second looks")
    assert (everything["wrong"], everything["caught"], everything["wrong, confirmed"]) == (3, 2, 1)
    assert (everything["right"], everything["false alarms"]) == (3, 1), "what is right too seldom is not ruled"
    assert figures["mirrored"] == {"wrong": 3, "flagged": 1, "right": 3, "right, flagged": 0}


def test_every_ruling_is_given_only_while_it_is_measured() -> None:
    usual = confidence.CANNOT_TELL
    with every_ruling_given():
        assert confidence.CANNOT_TELL == 0
    assert usual == confidence.CANNOT_TELL > 0


def test_the_tables_stand_between_the_marks(tmp_path: Path) -> None:
    document, figures = tmp_path / "a.md", tmp_path / "f.json"
    document.write_text(
        "before\n<!-- figures: zoom -->\nkept\n<!-- end of zoom -->\n"
        "<!-- figures: parser -->\nold\n<!-- end of parser -->\nafter\n",
        "utf-8",
    )
    figures.write_text('{"made": "2026-01-01", "questions": 3, "parser": {"right": 4, "texts": 5}}', "utf-8")
    report.refresh(document, [figures])
    text = document.read_text("utf-8")
    assert text.startswith(
        "before\n<!-- figures: zoom -->\nkept\n<!-- end of zoom -->\n<!-- figures: parser -->\n*Measured on 2026-01-01"
    )
    assert "4 of 5" in text
    assert "old" not in text
    assert text.endswith("<!-- end of parser -->\nafter\n")


def test_the_films_that_frames_are_counted_in_tell_their_numbers(tmp_path: Path) -> None:
    kind = film_samples.KINDS[1]
    starts = film_samples.write(tmp_path / f"a{kind.suffix}", kind, random.Random(1), frames=40)
    with open_film(tmp_path / f"a{kind.suffix}") as film:
        assert [film_samples.number_in(picture) for picture in film.frames(starts)] == list(range(40))


def test_two_hours_are_two_hours(tmp_path: Path) -> None:
    film_samples.write_two_hours(tmp_path / "a.mp4", (640, 512), fps=5, hours=0.02)
    with open_film(tmp_path / "a.mp4") as film:
        assert (film.info.duration, film.info.frames) == (72.0, 360)
        assert [picture.time for picture in film.frames([0.0, 36.1, 71.9])] == pytest.approx([0.0, 36.0, 71.8])


def test_the_table_of_films_says_what_was_measured() -> None:
    told = {"asked": 4, "mean": 0.75, "over half": 3}
    shown = films.table(
        {
            "times": [{"kind": "MP4", "asked": 5, "right": 4, "time off": 0.0012}],
            "cuts": {"films": 2, "cuts": 7, "found": 6, "wrong": 1},
            "boxes": [{"family": "flat", "whole": told, "partly hidden": told, "gone": told}],
            "moments": {"asked": 9, "named a time": 2, "right": 1},
            "memory": [{"film": "640×360"}, {"command": "frames", "program": 171.4, "with its model": 200.6, "s": 3.14}],
        }
    )
    for words in (
        "| MP4 | 5 | 4 | 1.2 ms |",
        "**6 of 7** in 2 films, 1 where",
        "| flat, whole | 4 | 0.750 | 75.0% |",
        "names a time in 2 of 9 answers, the right one in 1",
        "| `frames` | 171 | 201 | 3.1 |",
    ):
        assert words in shown
