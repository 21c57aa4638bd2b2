"""Which task a wording asks for, and the words it is put in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask.book import book
from backend.ask.prompts import counted, locate, phrase, settle, wants_findings_alone
from backend.ask.task import AUTO, Task
from backend.errors import UsageError

BOXES = "Locate the red circle, report bbox coordinates in JSON format."
BOXES_ZH = "定位红色圆形，以JSON格式输出其bbox坐标。"
TEXT = (
    "Spot all the text in the image with line-level, and output in JSON format as"
    ' [{"bbox_2d": [x1, y1, x2, y2], "text_content": "text"}].'
)


def task(name: str) -> Task:
    return book().task(name)


@pytest.mark.parametrize(
    ("question", "name", "prompt"),
    [
        (BOXES, "boxes", BOXES),
        ("where is the red circle?", "boxes", BOXES),
        ("Where's the red circle in the picture?", "boxes", BOXES),
        (" where is the red circle?\n", "boxes", BOXES),
        ("Please find the red circle!", "boxes", BOXES),
        ("locate the red circle", "boxes", BOXES),
        ("find the cup on the left", "boxes", "Locate the cup on the left, report bbox coordinates in JSON format."),
        ("红色圆形在哪里？", "boxes", BOXES_ZH),
        ("请标出红色圆形", "boxes", BOXES_ZH),
        ("Point to the red circle.", "points", "Locate the red circle, report point coordinates in JSON format."),
        (
            "locate all cups, plates and the forks in the picture",
            "categories",
            'Locate every instance that belongs to the following categories: "cups, plates, forks".'
            " Report bbox coordinates in JSON format.",
        ),
        (
            "定位所有杯子、盘子和叉子",
            "categories",
            "定位图中属于以下类别的所有物体：“杯子、盘子、叉子”，以JSON格式输出其bbox坐标。",
        ),
        (
            "Locate every car with its colour and type.",
            "attributes",
            "Locate every car, report bbox coordinates together with colour and type in JSON format.",
        ),
        (
            "定位所有汽车，并说明其颜色和类型。",
            "attributes",
            "定位所有汽车，以JSON格式输出其bbox坐标以及颜色和类型。",
        ),
        (
            "where can I put the cup?",
            "space",
            "Point to a free spot where I can put the cup, report point coordinates in JSON format.",
        ),
        (
            "Where could the box be placed?",
            "space",
            "Point to a free spot where the box can be placed, report point coordinates in JSON format.",
        ),
        ("杯子可以放在哪里？", "space", "指出图中可以放杯子的空位，以JSON格式输出其point坐标。"),
        ("哪里可以坐？", "space", "指出图中可以坐的空位，以JSON格式输出其point坐标。"),
        ("read all the text in this picture", "text", TEXT),
        ("Read the sign.", "text", TEXT.replace("in the image", "on the sign")),
        (
            "读出招牌上的文字",
            "text",
            '逐行识别招牌上的所有文字，以JSON格式输出：[{"bbox_2d": [x1, y1, x2, y2], "text_content": "文字"}]。',
        ),
    ],
)
def test_auto_settles_the_task_and_phrases_it_once(question: str, name: str, prompt: str) -> None:
    settled = settle(AUTO, question)
    assert (settled.name, phrase(settled, question)) == (name, prompt)


AS_TYPED = {
    "count": [
        "How many objects are there?",
        "how many cups are left of the plate?",
        "Count the chairs.",
        "what is the number of windows?",
        "图中有几个物体？",
        "桌子上有多少本书？",
        "数一数图中的椅子",
    ],
    "describe": ["Describe the picture.", "what's in this image?", "What do you see?", "描述这张图片。", "图中有什么？"],
    "occlusion": [
        "does the laptop hide the router?",
        "Is the router hidden by the laptop?",
        "Does the nearest box block the red box?",
        "what covers the table?",
        "笔记本电脑挡住路由器了吗？",
        "杯子被什么遮挡了？",
    ],
    "depth": [
        "order the chairs from near to far",
        "Sort the objects by distance",
        "list everything from nearest to farthest",
        "which is closer, the cup or the plate?",
        "把物体由近到远排列",
        "杯子和盘子哪个更近？",
    ],
    "nearest": ["Which box is nearest?", "what is the closest object to the camera?", "哪个箱子最近？", "离相机最近的是什么？"],
    "farthest": ["Which car is farthest away?", "哪辆车最远？"],
    "relation": [
        "Is the red circle left of the blue square?",
        "Is the red block left of the blue block?",
        "is the red box nearer than the blue box?",
        "What is between the lamp and the window?",
        "Is the cup on the table?",
        "What is next to the door?",
        "红色圆形在蓝色正方形的左边吗？",
        "红色箱子比蓝色箱子更近吗？",
        "书在桌子上吗？",
        "灯和窗户之间有什么？",
    ],
    "free": [
        "Which picture shows the red circle?",
        "What colour is the car?",
        "Is there a fire extinguisher?",
        "What is written on the board?",
        "图中有红色圆形吗？",
        "杯子是什么颜色？",
        "这是哪里？",
    ],
    "boxes": ["Locate the chair nearest to the door, report bbox coordinates in JSON format.", "给出杯子的边界框"],
    "points": ["Locate free space, report point coordinates in JSON format."],
    "text": ['Locate the sign as [{"bbox_2d": [x1, y1, x2, y2], "text_content": "…"}].'],
}


@pytest.mark.parametrize(("name", "question"), [(name, question) for name, asked in AS_TYPED.items() for question in asked])
def test_what_needs_no_words_of_ours_is_sent_as_typed(name: str, question: str) -> None:
    settled = settle(AUTO, question)
    assert (settled.name, phrase(settled, question)) == (name, question)


LOCATING = {
    "boxes": [
        "where is the nearest exit?",
        "find every person wearing a helmet",
        "locate every black and white cat",
        "Locate the cup and the plate",
        "find the word “EXIT”",
        "Where is the box?",
        "框出所有红色和蓝色的杯子",
        "最近的杯子在哪里？",
        "请找出戴帽子的人",
    ],
    "categories": [
        "Find all cups and saucers.",
        "detect all people, dogs, cats",
        "find every cup, plate and fork",
        "找出图中所有猫和狗",
        "框出所有的人、车、自行车",
    ],
    "attributes": [
        "find all cups and report their material",
        "Detect every person along with their clothing",
        "框出每个人并给出衣着颜色",
    ],
    "points": ["point at the door handle", "Please point out the cup", "指出门把手"],
    "space": [
        "find free space on the table",
        "Where is there room for a chair?",
        "point to an empty spot on the shelf",
        "where could someone sit?",
        "可以把杯子放在哪里？",
        "指出桌上的空位",
        "我可以坐在哪里？",
    ],
    "boxes3d": ["Give the 3D bounding box of the red box.", "3d boxes of all chairs", "给出椅子的三维框"],
    "text": ["spot all the text", "What text is on the shirt?", "OCR", "识别图中的所有文字", "招牌上写着什么？"],
}


@pytest.mark.parametrize(("name", "question"), [(name, question) for name, asked in LOCATING.items() for question in asked])
def test_what_locates_is_put_in_the_words_of_its_task(name: str, question: str) -> None:
    settled = settle(AUTO, question)
    assert settled.name == name
    prompt = phrase(settled, question)
    assert settled.grounds
    assert prompt != question
    ending = {"boxes": "bbox", "points": "point", "boxes3d": "bbox_3d"}[settled.kind]
    assert ending in prompt
    assert "JSON" in prompt or "格式" in prompt
    assert "{what}" not in prompt


def test_a_named_task_wins_over_the_wording() -> None:
    assert settle("points", "where is the cup?") is task("points")
    assert phrase(task("points"), "where is the cup?") == "Locate the cup, report point coordinates in JSON format."


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="there is no task “farest”") as caught:
        settle("farest", "which box?")
    assert "did you mean farthest?" in caught.value.cure
    assert all(known.name in caught.value.cure for known in book().tasks)


def test_a_bare_description_asks_for_everything_that_matches() -> None:
    assert phrase(task("boxes"), "red cup") == (
        'Locate every object that matches the description "red cup" and report bbox coordinates in JSON format.'
    )
    assert "红色杯子" in phrase(task("boxes3d"), "红色杯子")
    assert '"bbox_3d"' in phrase(task("boxes3d"), "red cup")
    assert phrase(task("categories"), "cup, plate").startswith("Locate every instance")
    assert phrase(task("space"), "a chair") == (
        "Point to a free spot with room for a chair, report point coordinates in JSON format."
    )


@pytest.mark.parametrize(
    ("name", "typed", "prompt"),
    [
        ("count", "red cups", "How many red cups are there?"),
        ("count", "红色杯子", "图中有几个红色杯子？"),
        ("count", "red cups?", "red cups?"),
        ("nearest", "chair", "Which chair is the nearest?"),
        ("occlusion", "路由器", "什么挡住了路由器？"),
        ("free", "red cups", "red cups"),
        ("relation", "red cups", "red cups"),
        ("count", "tell me for each of the shelves in the room what you can see on it", None),
    ],
)
def test_a_name_becomes_a_question_where_prose_is_wanted(name: str, typed: str, prompt: str | None) -> None:
    assert phrase(task(name), typed) == (prompt or typed)


def test_braces_in_a_question_are_only_characters() -> None:
    assert "{what} {0} {list}" in phrase(task("boxes"), "find {what} {0} {list}")


@given(st.text(max_size=60), st.sampled_from(book().tasks))
def test_no_question_is_too_odd_to_be_phrased(question: str, one: Task) -> None:
    settled = settle(AUTO, question)
    assert settled in book().tasks
    for asked in (settled, one):
        assert phrase(asked, question) or not question.strip()
        wants_findings_alone(asked, phrase(asked, question))
        counted(asked, question)


def test_a_list_of_categories_wants_boxes_alone_unless_it_asks_for_more() -> None:
    one = task("categories")
    assert wants_findings_alone(one, phrase(one, "locate all cups, plates and forks"))
    assert wants_findings_alone(one, phrase(one, "定位所有杯子、盘子和叉子"))
    assert not wants_findings_alone(one, phrase(one, "cups, plates and their colour"))
    assert not wants_findings_alone(task("attributes"), phrase(task("attributes"), "locate every car with its colour"))
    assert not wants_findings_alone(task("text"), TEXT)
    assert wants_findings_alone(task("space"), phrase(task("space"), "where can I put the cup?"))


ALL = "Locate all {}, report bbox coordinates in JSON format."
ALL_ZH = "框出图中{}，以JSON格式输出bbox坐标。"


@pytest.mark.parametrize(
    ("question", "prompt"),
    [
        ("How many red circles are there?", ALL.format("red circles")),
        ("How many red circles are there in this image?", ALL.format("red circles")),
        ("how many red circles?", ALL.format("red circles")),
        ("And how many squares can you see?", ALL.format("squares")),
        ("How many people are in the picture?", ALL.format("people")),
        ("How many cups are there on the table?", ALL.format("cups on the table")),
        ("How many of the cups are red?", ALL.format("cups that are red")),
        ("how many legs does the table have?", ALL.format("legs of the table")),
        ("Count the red circles.", ALL.format("red circles")),
        ("please count every chair", "Locate every chair, report bbox coordinates in JSON format."),
        ("what is the number of windows?", ALL.format("windows")),
        ("图中有几个红色圆形？", ALL_ZH.format("所有红色圆形")),
        ("图中有多少个红色圆形？", ALL_ZH.format("所有红色圆形")),
        ("有多少人？", ALL_ZH.format("所有人")),
        ("桌子上有几个杯子？", ALL_ZH.format("桌子上的所有杯子")),
        ("红色圆形有几个？", ALL_ZH.format("所有红色圆形")),
        ("有几个圆形是红色的？", ALL_ZH.format("所有红色的圆形")),
        ("数一数图中的椅子", ALL_ZH.format("所有椅子")),
        ("how many of them are red?", ""),
        ("How many kinds of fruit are there?", ""),
        ("how many cups and how many plates are there?", ""),
        ("它们有几个是红色的？", ""),
        ("图中有几种水果？", ""),
    ],
)
def test_what_a_question_counts_is_asked_for(question: str, prompt: str) -> None:
    assert settle(AUTO, question).name == "count"
    assert counted(task("count"), question) == prompt
    assert not prompt or wants_findings_alone(task("boxes"), prompt)


@pytest.mark.parametrize(
    ("name", "prompt"),
    [
        ("red circle", BOXES),
        ("the red circle", BOXES),
        ("红色圆形", BOXES_ZH),
        ("every cup", "Locate every cup, report bbox coordinates in JSON format."),
    ],
)
def test_evidence_is_asked_for_in_the_same_words(name: str, prompt: str) -> None:
    assert locate(name) == prompt


def test_no_task_is_without_a_line_about_it(own_settings: Path) -> None:
    assert not (own_settings / "sightline").exists()
    for one in book().tasks:
        assert one.title["en"] != one.name
        assert one.title["zh"] != one.title["en"]
        assert one.origin == "sightline"
