"""Whole conversations bundled and asked again by the real demo model: films, several pictures, parts, follow-ups, witnesses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest

from backend.answer import Answer
from backend.ask import Asker
from backend.ask.task import Question, Turn
from backend.catalog import ModelStore, load_catalog
from backend.events import Done, Failed
from backend.export.exporting import export
from backend.export.originals import Originals
from backend.media.images import load
from backend.scene import Picture, Window
from backend.synthetic.scenes import draw_scene
from tests.e2e.program import Home
from tests.e2e.test_replay import replayed, rewritten
from tests.e2e.test_tasks import own_tasks
from tests.e2e.test_thinking import thinker as thinker  # a fixture
from tests.media.film.making import make

HOSTILE = 'a\n\x1b[31m<b>杯 "q" .. %2F.png'
FILM = "film.mp4"


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    made = Asker(ModelStore().require(load_catalog().card("demo")))
    yield made
    made.close()


@pytest.fixture
def pictures(home: Home) -> tuple[Picture, ...]:
    """Three scenes; the third has a name that is to be shown as it is."""
    made = []
    for seed, name in ((40, "one.png"), (41, "one.PNG"), (42, HOSTILE)):
        path = home.folder / name
        draw_scene(seed, (480, 360)).render().save(path, "PNG")
        made.append(load(path))
    return tuple(made)


def told(asker: Asker, question: Question) -> Answer:
    for event in asker.ask(question):
        match event:
            case Done(answer=answer):
                return answer
            case Failed(error=error):
                raise error
    raise AssertionError("the stream has no end")


def bundled(home: Home, answers: Sequence[Answer], name: str = "evidence") -> None:
    assert export("bundle", answers, home.folder / name, Originals()).notes == ()


def assert_same(home: Home, count: int) -> None:
    code, found = replayed(home, "evidence")
    assert code == 0
    assert len(found["answers"]) == count
    for row in found["answers"]:
        assert (row["prompt"], row["same"]) == (True, True), row["question"]


def test_a_conversation_of_every_kind_says_the_same_again(home: Home, asker: Asker, pictures: tuple[Picture, ...]) -> None:
    one, other, hostile = pictures
    everything = "Locate every object"
    first = told(asker, Question(everything, (one,), second_looks=True))
    after = told(asker, Question("Where is the yellow star?", (one,), history=(Turn(*first.turn),)))
    part = Window(100, 50, 300, 200)
    seen = told(asker, Question(everything, (one,), part=part))
    described = told(asker, Question("Describe the picture", (other,)))
    answers = [
        first,
        after,
        seen,
        told(asker, Question("Where is the red triangle?", (one,), part=part, history=(Turn(*seen.turn),))),
        told(asker, Question("Which picture shows a red triangle?", (other, one), second_looks=True)),
        told(asker, Question("Describe the picture", (other,), begun=described.turn[1][:12])),
        told(asker, Question(everything, (hostile,), seed=9, max_tokens=40)),
    ]
    assert answers[1].findings
    assert answers[2].pictures[0].part == part or answers[2].asked is not None
    bundled(home, answers)
    for path in home.folder.glob("*.png"):
        path.unlink()
    assert {path.suffix for path in (home.folder / "evidence" / "pictures").iterdir()} <= {".png", ".PNG"}
    assert len(list((home.folder / "evidence" / "pictures").iterdir())) == 3
    assert_same(home, len(answers))


@pytest.mark.parametrize(
    "asked",
    [
        (FILM, "--frames", "3"),
        (FILM, "--from", "0.5", "--to", "1.5"),
        (FILM, "--scenes"),
        ("one.png", "--depth", "--tell-depth"),
        ("one.png", "--words", "--tell-words"),
        ("one.png", "--fov", "71.5"),
        ("one.png", "one.PNG"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("pictures")
def test_what_the_command_line_asks_says_the_same_again(home: Home, asked: tuple[str, ...]) -> None:
    make(home.folder / FILM)
    done = home.sightline("ask", "Where is the red square?", *asked, "--model", "demo", "--bundle", "evidence")
    assert done.code == 0, done.err
    (home.folder / FILM).unlink()
    assert_same(home, 1)


@pytest.mark.usefixtures("pictures")
def test_a_model_that_thinks_says_the_same_again(home: Home, thinker: str) -> None:
    done = home.sightline("ask", "Locate every object", "one.png", "--model", thinker, "--bundle", "evidence", "--json")
    assert json.loads(done.out)["thinking"]
    assert_same(home, 1)


@pytest.mark.usefixtures("pictures")
def test_a_task_of_ones_own_says_the_same_again_and_is_missed_by_name(home: Home) -> None:
    own = own_tasks(
        home,
        '[tasks.reds]\nkind = "boxes"\ntitle_en = "red things"\n'
        'en = "Locate every red {what}, report bbox coordinates in JSON format."\n'
        "asks = ['^which red (?P<what>\\w+?)s?\\b']\n",
    )
    asked = ("Which red triangles do you see?", "one.png", "--task", "reds", "--bundle", "evidence")
    assert home.sightline("ask", *asked).code == 0
    assert_same(home, 1)
    own.unlink()
    done = home.sightline("replay", "evidence")
    assert done.code == 2
    assert "reds" in done.err


def test_frames_of_a_film_that_is_another_one_now_are_no_evidence(home: Home) -> None:
    make(home.folder / FILM)
    assert home.sightline("ask", "Where is the red square?", FILM, "--frames", "3").code == 0
    make(home.folder / FILM, size=(80, 64))
    done = home.sightline("export", "bundle", "--last", "1", "--out", "evidence")
    assert done.code == 3
    assert "another picture" in done.err
    assert not (home.folder / "evidence").exists()


@pytest.mark.usefixtures("pictures")
def test_what_was_not_asked_of_a_model_is_told_and_does_not_stop_the_rest(home: Home, asker: Asker) -> None:
    picture = load(home.folder / "one.png")
    model = told(asker, Question("Locate every object", (picture,)))
    read = Answer("Read the text", "text", "", model.pictures, model=(("name", "RapidOCR"),))
    written = export("bundle", [read, model], home.folder / "evidence", Originals())
    assert any("does not tell how it was asked" in note for note in written.notes)
    done = home.sightline("replay", "evidence", "--json")
    found = json.loads(done.out)
    assert (done.code, found["same"], found["not_asked"]) == (0, True, ["Read the text"])
    assert len(found["answers"]) == 1
    assert "Read the text" in done.err
    export("bundle", [read], home.folder / "silent", Originals())
    assert home.sightline("replay", "silent").code == 2


@pytest.mark.usefixtures("pictures")
def test_what_differs_is_shown_then_and_now(home: Home) -> None:
    asked = ("Is the red triangle left of the white triangle?", "one.png", "--bundle", "evidence")
    assert home.sightline("ask", *asked).code == 0
    folder = home.folder / "evidence"
    (answer,) = [json.loads(line) for line in (folder / "answers.jsonl").read_text().splitlines()]
    answer["text"] = "No, it is \x1b[31m not."
    answer["claims"][0]["verdict"]["ruling"] = "contradicted"
    answer["boxes"][0]["bbox"][0] -= 20
    rewritten(folder, "answers.jsonl", json.dumps(answer).encode())
    done = home.sightline("replay", "evidence")
    assert done.code == 1
    lines = [line.strip() for line in done.text.splitlines()]
    assert any(line.startswith("- No, it is") and "\x1b" not in line for line in lines)
    assert any(line.startswith("+ Yes, the red triangle is left") for line in lines)
    assert sum("red triangle left of white triangle: " in line for line in lines) == 2
    assert any(line.startswith("- b1 red triangle: x ") for line in lines)
    assert lines[-1] == "not all the same"


@pytest.mark.usefixtures("thinker", "pictures")
def test_another_model_of_that_name_is_told_and_asked(home: Home) -> None:
    assert home.sightline("ask", "Locate every object", "one.png", "--model", "demo", "--bundle", "evidence").code == 0
    text = (home.folder / "evidence" / "answers.jsonl").read_text()
    rewritten(home.folder / "evidence", "answers.jsonl", text.replace('"name": "demo"', '"name": "thinker"').encode())
    manifest = json.loads((home.folder / "evidence" / "manifest.json").read_text())
    manifest["models"][0]["name"] = "thinker"
    manifest["models"][0]["text"]["sha256"] = "0" * 64
    (home.folder / "evidence" / "manifest.json").write_text(json.dumps(manifest))
    done = home.sightline("replay", "evidence", "--json")
    (row,) = json.loads(done.out)["answers"]
    assert (row["model"], row["same_model"]) == ("thinker", False)
    assert "another file than the one that answered" in done.err
