"""Scenes of signs: text in English and Chinese on boards of known places, some beside shapes, for whoever reads.

The English letters are Pillow's own font, which is the same on every machine; the Chinese ones are `signs.ttf`, the few
characters of Droid Sans Fallback that the signs below need (Apache License 2.0, Google).
"""

from __future__ import annotations

import functools
import io
import random
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from backend.synthetic.scenes import KINDS, Corners, Rgb, Scene, SceneObject

Language = Literal["en", "zh"]

ENGLISH = (
    "EXIT", "ENTRANCE", "STOP", "OPEN", "CLOSED", "PUSH", "PULL", "Tickets", "Library", "Pharmacy", "Information", "Way out",
    "No parking", "Fire door", "Lost property", "Mind the gap", "Wet floor", "Please wait here", "North gate", "Quiet zone",
)  # fmt: skip
CHINESE = (
    "出口", "入口", "安全出口", "停车场", "售票处", "洗手间", "图书馆", "医院", "药店", "电梯", "小心地滑", "禁止停车",
    "请勿吸烟", "问讯处", "营业中", "休息室", "公共汽车站", "北门", "二楼会议室", "失物招领",
)  # fmt: skip
_NUMBERED: dict[Language, tuple[str, ...]] = {
    "en": ("Gate {letter}{number}", "Room {number}", "Platform {number}", "Bus {number}"),
    "zh": ("{numeral}号站台", "{numeral}路车", "第{numeral}展厅"),
}
_LETTERS, _NUMERALS = "ABCDEFGH", "一二三四五六七八九"
_BOARDS: tuple[tuple[Rgb, Rgb], ...] = (
    ((250, 250, 245), (20, 20, 25)),
    ((20, 90, 50), (245, 245, 240)),
    ((30, 60, 140), (250, 250, 250)),
    ((235, 200, 40), (25, 25, 20)),
    ((175, 30, 30), (250, 245, 240)),
    ((60, 60, 65), (240, 240, 235)),
)
"""Colours of a board, and of what is written on it."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A board with one line of text."""

    text: str
    language: Language
    size: int
    """Of the font, pixels."""
    board: Corners
    """Pixels."""
    line: Corners
    """Around the ink of the text, pixels."""
    colours: tuple[Rgb, Rgb]

    @property
    def box(self) -> Corners:
        """The board's: where the thing that carries the text is."""
        return self.board


@dataclass(frozen=True, slots=True)
class SignScene:
    """Signs, and shapes beside them, on a plain background; nothing covers anything."""

    width: int
    height: int
    background: Rgb
    signs: tuple[Sign, ...]
    shapes: tuple[SceneObject, ...] = ()

    def render(self) -> Image.Image:
        """RGB, `width` × `height`."""
        image = Scene(self.width, self.height, self.background, self.shapes).render()
        draw = ImageDraw.Draw(image)
        for sign in self.signs:
            paint, ink = sign.colours
            draw.rectangle(sign.board, paint)
            font = font_of(sign.language, sign.size)
            left, top, _, _ = font.getbbox(sign.text)
            draw.text((sign.line[0] - left, sign.line[1] - top), sign.text, ink, font)
        return image


@functools.lru_cache(maxsize=64)
def font_of(language: Language, size: int) -> FreeTypeFont:
    """The font that signs of a language are written in."""
    if language == "en":
        font = ImageFont.load_default(size)
        assert isinstance(font, FreeTypeFont)
        return font
    return ImageFont.truetype(io.BytesIO(files("backend.synthetic").joinpath("signs.ttf").read_bytes()), size)


def draw_signs(
    seed: int,
    language: Language,
    size: tuple[int, int] = (640, 480),
    heights: tuple[int, int] = (16, 44),
    count: int = 4,
    shapes: int = 1,
) -> SignScene:
    """The scene of this seed: `count` signs, no two alike, with letters of `heights` (pixels, least and most), and `shapes`
    shapes beside them, as far as there is room."""
    rng = random.Random(seed)
    width, height = size
    taken: list[Corners] = []
    signs: list[Sign] = []
    for text in _texts(rng, language, count):
        sign = _placed(rng, text, language, rng.randint(*heights), size, taken)
        if sign is not None:
            signs.append(sign)
            taken.append(sign.board)
    placed: list[SceneObject] = []
    for colour, shape in rng.sample(KINDS, shapes):
        for _ in range(60):
            radius = round(rng.uniform(0.08, 0.12) * min(size))
            x, y = rng.randint(radius + 2, width - radius - 3), rng.randint(radius + 2, height - radius - 3)
            box = (x - radius, y - radius, x + radius, y + radius)
            if not any(_touch(box, other) for other in taken):
                placed.append(SceneObject(colour, shape, x, y, radius))
                taken.append(box)
                break
    background = (rng.randint(90, 200), rng.randint(90, 200), rng.randint(90, 200))
    return SignScene(width, height, background, tuple(signs), tuple(placed))


def _texts(rng: random.Random, language: Language, count: int) -> list[str]:
    plain = rng.sample(ENGLISH if language == "en" else CHINESE, count)
    for number in range(count):
        if rng.random() < 0.3:
            form = rng.choice(_NUMBERED[language])
            plain[number] = form.format(letter=rng.choice(_LETTERS), numeral=rng.choice(_NUMERALS), number=rng.randint(2, 98))
    return list(dict.fromkeys(plain))


def _placed(
    rng: random.Random, text: str, language: Language, size: int, picture: tuple[int, int], taken: list[Corners]
) -> Sign | None:
    """The sign somewhere where it touches nothing; None where there is no such place."""
    left, top, right, bottom = font_of(language, size).getbbox(text)
    across, down = right - left, bottom - top
    margin = max(6, size // 2)
    width, height = across + 2 * margin, down + 2 * margin
    if width + 4 >= picture[0] or height + 4 >= picture[1]:
        return None
    for _ in range(80):
        x, y = rng.randint(2, picture[0] - int(width) - 3), rng.randint(2, picture[1] - int(height) - 3)
        board = (x, y, x + width, y + height)
        if not any(_touch(board, other) for other in taken):
            line = (x + margin, y + margin, x + margin + across, y + margin + down)
            return Sign(text, language, size, board, line, rng.choice(_BOARDS))
    return None


def _touch(one: Corners, other: Corners, gap: float = 8.0) -> bool:
    return one[0] < other[2] + gap and other[0] < one[2] + gap and one[1] < other[3] + gap and other[1] < one[3] + gap
