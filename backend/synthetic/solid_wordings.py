"""The words of the questions that only perspective scenes are asked, both languages side by side. Text only, as `wordings`.

The requests for 3D boxes open with the words in which this program sends them, around a name or around a whole question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backend.synthetic.wordings import Forms

Depth = Literal["nearer", "closer", "closest to", "front", "farther", "away", "behind"]


@dataclass(frozen=True, slots=True)
class DepthWords:
    """A comparison of distances in both languages, the one it is answered with if it is wrong, and whether it says nearer."""

    english: str
    chinese: str
    opposite: Depth
    near: bool


DEPTHS: dict[Depth, DepthWords] = {
    "nearer": DepthWords("nearer than", "{a}比{b}更近", "farther", True),
    "closer": DepthWords("closer than", "{a}比{b}近", "farther", True),
    "closest to": DepthWords("closer to the camera than", "{a}比{b}离相机更近", "farther", True),
    "front": DepthWords("in front of", "{a}在{b}的前面", "behind", True),
    "farther": DepthWords("farther than", "{a}比{b}更远", "nearer", False),
    "away": DepthWords("farther away than", "{a}比{b}远", "nearer", False),
    "behind": DepthWords("behind", "{a}在{b}的后面", "front", False),
}
DEPTH: Forms = {
    "en": (
        "Is the {a} {side} the {b}?",
        "Is the {a} {side} the {b}?",
        "Is the {a} {side} the {b}? Explain.",
        "is the {a} {side} the {b}",
    ),
    "zh": (
        "{claim}吗？",
        "{claim}吗？请说明依据。",
        "请精确分析图像中物体的空间关系。{claim}吗？ 回答时请说明判断依据。",
    ),
}
NEAREST: Forms = {
    "en": (
        "Which box is the nearest?",
        "Which box is nearest?",
        "Which box is the closest?",
        "Which object is the nearest?",
        "Which box is closest to the camera?",
        "which box is nearest",
    ),
    "zh": ("哪个箱子最近？", "哪个箱子离相机最近？", "最近的是哪个箱子？", "哪个物体最近？"),
}
FARTHEST: Forms = {
    "en": (
        "Which box is the farthest?",
        "Which box is farthest?",
        "Which box is the farthest away?",
        "Which object is the farthest?",
        "Which box is farthest from the camera?",
        "which box is farthest",
    ),
    "zh": ("哪个箱子最远？", "哪个箱子离相机最远？", "最远的是哪个箱子？", "哪个物体最远？"),
}
HIDES: Forms = {
    "en": (
        "Does the {a} hide the {b}?",
        "Does the {a} hide the {b}?",
        "Does the {a} partly hide the {b}?",
        "Does the {a} occlude the {b}?",
        "Does the {a} block the {b}?",
        "Does the {a} hide the {b}? Explain.",
    ),
    "zh": ("{a}挡住{b}了吗？", "{a}挡住了{b}吗？", "{a}遮挡{b}吗？", "{a}遮挡了{b}吗？请说明依据。"),
}
HIDES_ANSWER: dict[Literal["en", "zh"], tuple[str, str]] = {
    "en": ("No, the {a} does not hide the {b}.", "Yes, the {a} partly hides the {b}."),
    "zh": ("不是，{a}没有挡住{b}。", "是，{a}挡住了{b}的一部分。"),
}
"""No and yes."""
_NUMBERS = "[x_center, y_center, z_center, x_size, y_size, z_size, roll, pitch, yaw]"
_FORMAT = (
    " in this image. For each, provide its 3D bounding box. The output format required is JSON: "
    f'[{{{{"bbox_3d":{_NUMBERS},"label":"category"}}}}].'
)
_FORMAT_ZH = f'，输出对应的三维边界框。格式为：[{{{{"bbox_3d":{_NUMBERS},"label":"类别"}}}}]。'
SOLID_ONE: Forms = {
    "en": (
        "Find the {name}" + _FORMAT,
        "Find {name}" + _FORMAT,
        'Find all objects that match the description "{name}"' + _FORMAT,
        "Find the {name} and report its 3D bounding box in JSON format.",
        'Find all objects that match the description "3D box of the {name}"' + _FORMAT,
        'Find all objects that match the description "Give the 3D bounding box of the {name}"' + _FORMAT,
        "Give the 3D bounding box of the {name}.",
        "3D box of the {name}",
    ),
    "zh": (
        "在提供的图像里定位{name}" + _FORMAT_ZH,
        "在提供的图像里定位所有符合描述“{name}”的物体" + _FORMAT_ZH,
        "定位{name}，以JSON格式输出其三维边界框。",
        "给出{name}的三维边界框。",
    ),
}
SOLID_ALL: Forms = {
    "en": (
        "Find all boxes" + _FORMAT,
        "Find every box" + _FORMAT,
        "Find all objects" + _FORMAT,
        'Find all objects that match the description "box"' + _FORMAT,
        "Find all boxes and report their 3D bounding boxes in JSON format.",
        'Find all objects that match the description "Give the 3D bounding box of every box"' + _FORMAT,
        "Give the 3D bounding box of every box.",
    ),
    "zh": (
        "在提供的图像里定位所有箱子" + _FORMAT_ZH,
        "在提供的图像里定位所有物体" + _FORMAT_ZH,
        "在提供的图像里定位所有符合描述“箱子”的物体" + _FORMAT_ZH,
        "定位所有箱子，以JSON格式输出其三维边界框。",
        "给出所有箱子的三维边界框。",
    ),
}
