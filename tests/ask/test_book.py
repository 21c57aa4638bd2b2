"""The user's own tasks.toml: what it changes, what it adds, and every slip of the pen that it can hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backend.ask import Question
from backend.ask.book import SHIPPED, book
from backend.ask.forms import form_of
from backend.ask.prompts import counted, locate, phrase, settle
from backend.ask.task import AUTO, Kind
from backend.catalog import places
from backend.errors import TasksError
from backend.events import Failed
from backend.scene import Units
from tests.ask.asking import answer_of, asker, canned, picture, texts


@pytest.fixture
def user(own_settings: Path) -> Path:
    file = own_settings / "sightline" / "tasks.toml"
    assert places.user_tasks() == file
    file.parent.mkdir()
    return file


HAZARDS = """
[tasks.hazards]
kind = "boxes"
title_en = "what somebody could trip over"
en = "Locate every {what} that somebody could trip over, report bbox coordinates in JSON format."
auto = ['\\btrip over\\b']
"""


def test_without_a_file_the_book_is_as_it_is_shipped() -> None:
    assert SHIPPED.is_file()
    assert [task.name for task in book().tasks][-1] == "free"
    assert {task.origin for task in book().tasks} == {"sightline"}
    assert {task.kind for task in book().tasks} == set(Kind)


def test_a_user_adds_a_task(user: Path) -> None:
    user.write_text(HAZARDS, "utf-8")
    one = settle(AUTO, "where is what I could trip over?")
    assert (one.name, one.origin, one.title["zh"]) == ("hazards", "yours", "what somebody could trip over")
    assert phrase(one, "cable") == "Locate every cable that somebody could trip over, report bbox coordinates in JSON format."
    assert phrase(one, "find the cable") == phrase(one, "the cable")
    assert "电线" in phrase(one, "电线")
    assert form_of(one, phrase(one, "cable"), Units.REL1000, pictures=1) is not None
    assert settle(AUTO, "where is the cup?").name == "boxes"


def test_an_answer_bears_the_name_of_a_users_task(user: Path) -> None:
    user.write_text(HAZARDS, "utf-8")
    engine = canned('[{"bbox_2d": [500, 0, 1000, 500], "label": "cable"}]')
    answer = answer_of(list(asker(engine).ask(Question("cable", (picture(),), "hazards"))))
    assert (answer.task, len(answer.boxes)) == ("hazards", 1)
    assert texts(engine.requests[0].messages[0]) == [
        "Locate every cable that somebody could trip over, report bbox coordinates in JSON format."
    ]


def test_a_user_changes_single_keys(user: Path) -> None:
    shipped = book()
    user.write_text("[tasks.boxes]\nen = 'Find {what}, in JSON.'\nalso = ['^give me\\b']\n[tasks.count]\nauto = []\n", "utf-8")
    boxes = book().task("boxes")
    assert boxes.origin == "changed"
    assert phrase(boxes, "where is the cup?") == "Find the cup, in JSON."
    assert phrase(boxes, "红色杯子在哪里？") == phrase(shipped.task("boxes"), "红色杯子在哪里？")
    assert settle(AUTO, "give me the cup").name == settle(AUTO, "where is the cup?").name == "boxes"
    assert settle(AUTO, "how many cups are there?").name == "free"
    assert [task.name for task in book().tasks] == [task.name for task in shipped.tasks]


def test_prose_gets_words_around_the_question_as_it_was_typed(user: Path) -> None:
    user.write_text('[tasks.relation]\nzh = "请精确分析图像中物体的空间关系。{question} 回答时请说明判断依据。"\n', "utf-8")
    asked = "杯子在盘子的左边吗？"
    assert phrase(settle(AUTO, asked), asked) == f"请精确分析图像中物体的空间关系。{asked} 回答时请说明判断依据。"


def test_patterns_of_ones_own_leave_the_shipped_texts_be(user: Path) -> None:
    user.write_text("[tasks.count]\nasks = ['^how many (?P<what>[^?]+) do I own']\n", "utf-8")
    assert (
        counted(book().task("count"), "how many cups do I own?") == "Locate all cups, report bbox coordinates in JSON format."
    )
    assert counted(book().task("count"), "how many cups are there?") == ""


def test_evidence_is_found_whatever_words_a_user_likes(user: Path) -> None:
    user.write_text('[tasks.boxes]\nen = "{question}, report bbox coordinates in JSON format."\nzh = "找{list}"\n', "utf-8")
    assert locate("cup") == "the cup, report bbox coordinates in JSON format."
    assert locate("杯子") == "找杯子"


def test_a_task_of_ones_own_can_count(user: Path) -> None:
    user.write_text(
        """
[tasks.seats]
kind = "prose"
auto = ['\\bseats\\b.*\\btaken\\b']
asks = ['(?P<what>seats)']
en = "{question} Answer with a number."
counted_en = "Locate all taken {what}, report bbox coordinates in JSON format."
claims = false
""",
        "utf-8",
    )
    one = settle(AUTO, "how many seats are taken?")
    assert (one.name, one.claims, one.closely) == ("seats", False, False)
    assert phrase(one, "how many seats are taken?") == "how many seats are taken? Answer with a number."
    assert counted(one, "how many seats are taken?") == "Locate all taken seats, report bbox coordinates in JSON format."


def test_the_guide_s_example_is_one(user: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "ask.md").read_text("utf-8")
    example = next(block for block in guide.split("```")[1::2] if "[tasks." in block)
    user.write_text(example, "utf-8")
    assert settle(AUTO, "find what I could trip over").name == "hazards"
    assert phrase(book().task("relation"), "杯子在盘子的左边吗？").startswith("请精确分析")


def test_an_edit_is_seen_at_once(user: Path) -> None:
    user.write_text(HAZARDS, "utf-8")
    assert book().task("hazards").origin == "yours"
    user.write_text(HAZARDS.replace("hazards", "dangers"), "utf-8")
    os.utime(user, ns=(1, 1))
    assert book().task("dangers").origin == "yours"
    user.unlink()
    assert {task.origin for task in book().tasks} == {"sightline"}


@pytest.mark.parametrize(
    ("content", "table", "key", "said"),
    [
        ("tasks = 5", "tasks", "", "not a table"),
        ("[task.x]\nkind = 'boxes'", "top level", "task", "unknown"),
        ("[tasks.boxes]\nem = 'x {what}'", "tasks.boxes", "em", "unknown"),
        ("[tasks.boxes]\nkind = 'points'", "tasks.boxes", "kind", "settled"),
        ("[tasks.mine]\nen = 'Find {what}.'", "tasks.mine", "kind", "missing"),
        ("[tasks.mine]\nkind = 'polygons'", "tasks.mine", "kind", "not one of boxes, points, boxes3d, prose"),
        ("[tasks.mine]\nkind = 'boxes'", "tasks.mine", "en", "needs a text"),
        ("[tasks.mine]\nkind = 'boxes'\nen = 'Find it.'", "tasks.mine", "en", "needs a text"),
        ("[tasks.mine]\nkind = 'boxes'\nen = 'Find {thing}.'", "tasks.mine", "en", "nothing in a question fills {thing}"),
        ("[tasks.mine]\nkind = 'boxes'\nen = []", "tasks.mine", "en", "empty"),
        ("[tasks.mine]\nkind = 'boxes'\nen = ''", "tasks.mine", "en", "not a text of 1 to"),
        ("[tasks.mine]\nkind = 'boxes'\nen = 'a{what}\\u001b'".replace("'", '"'), "tasks.mine", "en", "control characters"),
        ("[tasks.mine]\nkind = 'boxes'\nzh = 5", "tasks.mine", "zh", "not text"),
        ("[tasks.mine]\nkind = 'boxes'\nen = '{what}'\nauto = '^x'", "tasks.mine", "auto", "not a list of patterns"),
        (
            "[tasks.mine]\nkind = 'boxes'\nen = '{what}'\nauto = ['^x', '(']",
            "tasks.mine",
            "auto",
            "2, “(”, is no regular",
        ),
        ("[tasks.mine]\nkind = 'boxes'\nen = '{what}'\nauto = ['a*']", "tasks.mine", "auto", "matches every question"),
        ("[tasks.mine]\nkind = 'boxes'\nen = '{what}'\nauto = [5]", "tasks.mine", "auto", "is not text"),
        ("[tasks.mine]\nkind = 'boxes'\nen = '{what}'\nasks = ['a{99999999999}']", "tasks.mine", "asks", "is no regular"),
        ("[tasks.mine]\nkind = 'boxes'\nen = '{what}'\nclosely = true", "tasks.mine", "closely", "only prose"),
        ("[tasks.mine]\nkind = 'prose'\nalone = ['x']", "tasks.mine", "alone", "no use to prose"),
        ("[tasks.count]\nclosely = 1", "tasks.count", "closely", "neither true nor false"),
        ("[tasks.count]\ncounted_en = 'All {whom}.'", "tasks.count", "counted_en", "nothing in a question fills {whom}"),
        ("[tasks.auto]\nkind = 'boxes'", "tasks.auto", "", "stands for a task that is settled"),
        ("[tasks.'Red Cup']\nkind = 'boxes'", "tasks.Red Cup", "", "not the name of a task"),
        ("[tasks]\nboxes = 5", "tasks.boxes", "", "not a table"),
    ],
)
def test_slips_name_file_table_and_key(user: Path, content: str, table: str, key: str, said: str) -> None:
    user.write_text(content, "utf-8")
    with pytest.raises(TasksError) as caught:
        book()
    message = str(caught.value)
    assert str(user) in message
    assert f"[{table}]" in message
    assert not key or f"“{key}”" in message
    assert said in message
    assert caught.value.cure
    assert "\x1b" not in message


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"[tasks", "is not valid TOML"), (b"\xff\xfe", "is not UTF-8"), (None, "cannot be read")],
)
def test_a_file_that_is_none(user: Path, content: bytes | None, said: str) -> None:
    if content is None:
        user.mkdir()
    else:
        user.write_bytes(content)
    with pytest.raises(TasksError, match=said) as caught:
        book()
    assert str(user) in str(caught.value)


def test_a_broken_file_fails_the_question_and_not_the_program(user: Path) -> None:
    user.write_text("[tasks.boxes]\nauto = ['(']\n", "utf-8")
    (failed,) = asker(canned()).ask(Question("where is the cup?", (picture(),)))
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, TasksError)
    assert failed.error.exit_code == 2
