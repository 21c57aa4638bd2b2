"""Things that are in no scene: asked for one of them, the truth is that it is not there.

Common nouns and invented ones, so that what is learnt is not a list of words but to know no others. Some nouns are kept
from the training, to measure just that.
"""

from __future__ import annotations

import random

from backend.synthetic.scenes import Shape

_TAUGHT = """
    cup 杯子, dog 狗, cat 猫, car 汽车, tree 树, house 房子, chair 椅子, table 桌子, person 人, bird 鸟,
    bottle 瓶子, phone 手机, book 书, door 门, window 窗户, flower 花, ball 球, bag 包, apple 苹果, shoe 鞋,
    hat 帽子, lamp 灯, bed 床, clock 钟, key 钥匙, boat 船, plane 飞机, train 火车, fish 鱼, horse 马, hand 手,
    face 脸, plate 盘子, pen 笔, laptop 电脑, banana 香蕉, sign 标志, line 线, pyramid 金字塔, ring 圆环,
    heart 心形, arrow 箭头, hexagon 六边形, man 男人, woman 女人, child 孩子, traffic light 红绿灯
"""
_NEVER_TAUGHT = """
    bicycle 自行车, umbrella 雨伞, guitar 吉他, kettle 水壶, spoon 勺子, rabbit 兔子, mountain 山, pillow 枕头,
    truck 卡车, glove 手套
"""
_SYLLABLES = (*map("".join, zip("bcdfghjklmnpqrstvwz", "aeiouaeiouaeiouaeio", strict=True)), "ster", "ing", "al", "on", "ck")
_CHARACTERS = "水火木金土石田禾竹米羊牛虫龙虎云雨风雪电气车马刀弓衣食子女老王李文武士工农商官学师医饭茶酒糖盐油"


def _shapes(words: str) -> tuple[Shape, ...]:
    pairs = (entry.strip().rsplit(" ", 1) for entry in words.split(","))
    return tuple(Shape(name, name + "s", chinese) for name, chinese in pairs)


TAUGHT, NEVER_TAUGHT = _shapes(_TAUGHT), _shapes(_NEVER_TAUGHT)


def stranger(rng: random.Random) -> Shape:
    """A common noun, or one that does not exist."""
    if rng.random() < 0.6:
        return rng.choice(TAUGHT)
    name = "".join(rng.choices(_SYLLABLES, k=rng.randint(1, 3)))
    return Shape(name, name + "s", "".join(rng.sample(_CHARACTERS, rng.randint(1, 2))))
