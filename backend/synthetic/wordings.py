"""The words of the questions, both languages side by side. Text only: what is true is decided in `questions`.

Each kind opens with the official wordings of Qwen3-VL's cookbooks and of this program's own prompts; short human ones follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Forms = dict[Literal["en", "zh"], tuple[str, ...]]
Side = Literal["left", "right", "above", "below"]


@dataclass(frozen=True, slots=True)
class SideWords:
    """A direction in both languages, and the one facing it."""

    english: str
    chinese: str
    opposite: Side


SIDES: dict[Side, SideWords] = {
    "left": SideWords("left of", "左边", "right"),
    "right": SideWords("right of", "右边", "left"),
    "above": SideWords("above", "上方", "below"),
    "below": SideWords("below", "下方", "above"),
}
YES = {"en": "Yes, ", "zh": "是，"}
NO = {"en": "No, ", "zh": "不是，"}
STOP = {"en": ".", "zh": "。"}

COURTESY: dict[Literal["en", "zh"], tuple[tuple[str, str], ...]] = {
    "en": (
        ("Please ", ""),
        ("", " Thank you."),
        ("Can you tell me, ", ""),
        ("", "\n"),
        ("\n", ""),
        (" ", ""),
        ("In this image, ", ""),
    ),
    "zh": (("请", ""), ("请问，", ""), ("", "谢谢。"), ("", "\n"), ("\n", ""), ("在图中，", "")),
}

LOCATE_ONE: Forms = {
    "en": (
        "Locate the {name}, report bbox coordinates in JSON format.",
        "Locate the {name}, report bbox coordinates in JSON format.",
        'Locate every object that matches the description "{name}" and report bbox coordinates in JSON format.',
        'Locate every object that matches the description "{name}" and report bbox coordinates in JSON format.',
        'Locate every object that matches the description "the {name}" and report bbox coordinates in JSON format.',
        "Locate {name}, report bbox coordinates in JSON format.",
        "Locate {article} {name}, report bbox coordinates in JSON format.",
        "Locate the {name} in this image. Output the bbox coordinates in JSON format.",
        "Locate the {name} and report bbox coordinates in JSON format.",
        "Find the {name} and output its bbox in JSON format.",
        "Find the {name}.",
        "find the {name}",
        "Locate the {name}.",
        "locate the {name}",
        "Show me the {name}.",
        "Draw a box around the {name}.",
        "{name}",
        "the {name}",
    ),
    "zh": (
        "定位{name}，以JSON格式输出其bbox坐标。",
        "定位{name}，以JSON格式输出其bbox坐标。",
        "定位所有符合描述“{name}”的物体，以JSON格式输出其bbox坐标。",
        "定位所有符合描述“{name}”的物体，以JSON格式输出其bbox坐标。",
        "定位图中的{name}，以JSON格式输出bbox坐标。",
        "定位图中的{name}，以JSON格式输出其bbox坐标。",
        "请定位{name}，并以JSON格式输出其bbox坐标。",
        "框出{name}，以JSON格式输出bbox坐标。",
        "框出{name}。",
        "找到{name}。",
        "找出图中的{name}",
        "定位{name}",
        "{name}",
    ),
}
WHERE: Forms = {
    "en": ("Where is the {name}?", "where is the {name}?", "Where is the {name}", "Where in the picture is the {name}?"),
    "zh": ("{name}在哪里？", "{name}在哪里", "{name}在图中的哪里？", "图中的{name}在哪里？"),
}
LOCATE_ALL: Forms = {
    "en": (
        "Locate every object, report bbox coordinates in JSON format.",
        "Locate every object, report bbox coordinates in JSON format.",
        "Locate every object in this image and report bbox coordinates in JSON format.",
        "Locate the objects, report bbox coordinates in JSON format.",
        "Locate everything, report bbox coordinates in JSON format.",
        'Locate every object that matches the description "object" and report bbox coordinates in JSON format.',
        'Locate every object that matches the description "every object" and report bbox coordinates in JSON format.',
        "Locate all objects, report bbox coordinates in JSON format.",
        "Find all objects and output their bbox in JSON format.",
        "Locate every object.",
        "Find every object.",
        "Find all objects.",
        "Where are the objects?",
        "Draw a box around every object.",
    ),
    "zh": (
        "框出图中所有物体，以JSON格式输出bbox坐标。",
        "框出图中所有物体，以JSON格式输出bbox坐标。",
        "定位图中所有物体，以JSON格式输出其bbox坐标。",
        "定位所有物体，以JSON格式输出其bbox坐标。",
        "定位所有符合描述“物体”的物体，以JSON格式输出其bbox坐标。",
        "定位每个物体，以JSON格式输出其bbox坐标。",
        "框出所有物体。",
        "找出图中的所有物体",
    ),
}
LOCATE_GROUP: Forms = {
    "en": (
        "Locate every {name}, report bbox coordinates in JSON format.",
        "Locate every {name}, report bbox coordinates in JSON format.",
        'Locate every object that matches the description "{name}" and report bbox coordinates in JSON format.',
        'Locate every object that matches the description "{names}" and report bbox coordinates in JSON format.',
        'Locate every object that matches the description "every {name}" and report bbox coordinates in JSON format.',
        "Locate all {names}, report bbox coordinates in JSON format.",
        "Locate the {names}, report bbox coordinates in JSON format.",
        "Locate every {name}.",
        "Find every {name}.",
        "Find all {names}.",
        "Where are the {names}?",
    ),
    "zh": (
        "框出图中所有{name}，以JSON格式输出bbox坐标。",
        "定位图中所有{name}，以JSON格式输出其bbox坐标。",
        "定位所有{name}，以JSON格式输出其bbox坐标。",
        "定位所有符合描述“{name}”的物体，以JSON格式输出其bbox坐标。",
        "框出所有{name}。",
        "找出图中的所有{name}",
    ),
}
POINT_ONE: Forms = {
    "en": (
        "Locate the {name} in this image. Output the point coordinates in JSON format.",
        "Locate the {name} in this image. Output the point coordinates in JSON format.",
        "Locate the {name}, report point coordinates in JSON format.",
        'Locate every object that matches the description "{name}" and report point coordinates in JSON format.',
        "Point to the {name}.",
        "Point at the {name}.",
    ),
    "zh": (
        "定位{name}，以JSON格式输出其point坐标。",
        "定位图中的{name}，以JSON格式输出point坐标。",
        "定位所有符合描述“{name}”的物体，以JSON格式输出其point坐标。",
        "定位{name}，以JSON格式输出其点坐标。",
        "用点标出{name}，以JSON格式输出point坐标。",
        "指出{name}。",
    ),
}
POINT_GROUP: Forms = {
    "en": (
        "Locate every {name} in this image. Output the point coordinates in JSON format.",
        "Locate every {name}, report point coordinates in JSON format.",
        "Locate the {names}, report point coordinates in JSON format.",
        'Locate every object that matches the description "{name}" and report point coordinates in JSON format.',
        "Point to every {name}.",
        "Point to all {names}.",
    ),
    "zh": (
        "定位图中所有{name}，以JSON格式输出point坐标。",
        "定位所有{name}，以JSON格式输出其point坐标。",
        "用点标出所有{name}，以JSON格式输出point坐标。",
        "指出所有{name}。",
    ),
}
COUNT: Forms = {
    "en": (
        "How many {names} are there?",
        "How many {names} are there?",
        "How many {names} are in the picture?",
        "How many {names} are there in this image?",
        "how many {names}?",
        "Count the {names}.",
    ),
    "zh": ("图中有几个{name}？", "图中有几个{name}？", "图中有多少个{name}？", "有几个{name}？", "有多少个{name}？"),
}
RELATION: Forms = {
    "en": (
        "Is the {a} {side} the {b}?",
        "Is the {a} {side} the {b}? Explain.",
        "Is the {a} {side} the {b}? Give the reason.",
        "is the {a} {side} the {b}",
    ),
    "zh": (
        "{a}在{b}的{side}吗？请说明依据。",
        "{a}在{b}的{side}吗？",
        "请精确分析图像中物体的空间关系。{a}在{b}的{side}吗？ 回答时请说明判断依据。",
        "请精确分析图像中物体的空间关系。{a}在{b}的{side}吗？回答时请说明判断依据。",
    ),
}
EXISTS: Forms = {
    "en": (
        "Is there {article} {name}?",
        "Is there {article} {name} in the picture?",
        "Is there any {name}?",
        "Do you see {article} {name}?",
    ),
    "zh": ("图中有{name}吗？", "有{name}吗？", "图中有没有{name}？"),
}
DESCRIBE: Forms = {
    "en": (
        "Describe the picture.",
        "Describe this image.",
        "Describe the picture in detail.",
        "What is in the picture?",
        "What do you see?",
        "What objects are there?",
    ),
    "zh": ("描述这张图片。", "描述这张图。", "描述图中的物体。", "图中有什么？", "图中有哪些物体？"),
}
WHICH: Forms = {
    "en": (
        "Which picture shows the {name}?",
        "Which picture shows the {name}?",
        "Which picture has {article} {name}?",
        "In which picture is the {name}?",
    ),
    "zh": ("哪张图里有{name}？", "哪张图中有{name}？", "{name}在哪张图里？"),
}
WHICH_ANSWER: dict[Literal["en", "zh"], tuple[str, str, str, str]] = {
    "en": ("Neither picture.", "Picture 1.", "Picture 2.", "Both pictures."),
    "zh": ("两张图都没有。", "图1。", "图2。", "两张图都有。"),
}
"""In neither, in the first, in the second, in both."""
IT_RELATION: Forms = {
    "en": ("Is it {side} the {b}?", "Is it {side} the {b}? Explain."),
    "zh": ("它在{b}的{side}吗？", "它在{b}的{side}吗？请说明依据。"),
}
AND: Forms = {"en": ("And the {name}?", "and the {name}?", "What about the {name}?"), "zh": ("那{name}呢？", "{name}呢？")}


def side_name(side: Side, language: Literal["en", "zh"]) -> str:
    """ "left of" or "左边"."""
    return SIDES[side].english if language == "en" else SIDES[side].chinese


def article(name: str) -> str:
    """The indefinite article for an English name."""
    return "an" if name[:1] in tuple("aeiou") else "a"
