"""The vocabulary: a byte-level BPE under Qwen2's pre-tokeniser in which every word of the questions is one token.

The merges are written down rather than counted: first those that make each Chinese character of its bytes, then those that
make each word, left to right. So a word is always one token, two words never grow together ("red circle" stays two, also
where Chinese writes no space), every digit stands alone as in Qwen, and any other text still falls apart into bytes.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

import regex
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

from backend.synthetic import solid_wordings, wordings
from backend.synthetic.scenes import COLOURS, SHAPES, SOLID

SPECIAL = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
PATTERN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
"""Qwen2's pre-tokeniser."""

CHINESE = """
    定位 以 格式 输出 其 坐标 框出 图中 图里 图像 图片 图 照片 所有 每个 每 物体 符合 描述 找到 找出 在
    哪里 有 没有 几个 多少 个 的 左边 右边 上方 下方 吗 呢 请 请问 说明 依据 判断 精确 分析 空间 关系
    回答 时 中 并 用 点 标出 指出 什么 哪些 哪张 张 这 那 它 是 不是 两 都 谢谢 里 出 该 位置 目标
    和 与 还 也 数 一下 多 少 哪 幅 第 一 二 三 四 五 六 它们 这些 更 左 右 上 下 前 后 最 大 小
    远 近 角 颜色 形状
"""
PIECES = (
    '[{"',
    '":',
    " [",
    "],",
    ' "',
    '"}]',
    '"},',
    ' {"',
    "[]",
    "[",
    "]",
    " ,",
    ",",
    "，",
    "。",
    "？",
    "“",
    "”",
    "、",
    "：",
    '",',
    '"?',
)
ENGLISH = """
    Yes No not no There is are a an the and or of left right above below there here where what which how many
    objects object picture pictures image Picture Image Neither Both Explain reason point points bbox box label
    json JSON user assistant system You helpful You are d everything thing things shape shapes colour color
    colours colors photo photos it them its which it's between and with other one two three four five six any you
    see detect Detect mark Mark box boxes under next to
"""
LATER = """
    箱子 比 近 更近 更远 离 相机 前面 后面 前方 后方 哪个 最近 最远 挡住 了 遮挡 一部分 提供 对应 三维 边界框 格式为 类别 给出
"""
LATER_PIECES = ("_center", "_size", '":[', '],"', '":"', '"}].', '"}]。', '：[{"')
"""What perspective scenes added. It stands behind all else, so that no older word falls apart differently."""


def words() -> list[str]:
    """Every word and mark that gets a token, in the order of their merges."""
    found: dict[str, None] = dict.fromkeys(("assistant", "user", "system", "\n", " ", *PIECES))
    found.update(dict.fromkeys(CHINESE.split()))
    names = [x for c in COLOURS for x in (c.name, c.chinese)] + [x for s in SHAPES for x in (s.name, s.plural, s.chinese)]
    texts = (
        ENGLISH.split()
        + names
        + ["You are a helpful assistant.", "Picture 1: Picture 2: In this image, Can you tell me, Thank you Please"]
    )
    add(found, texts + forms_of(wordings))
    found.update(dict.fromkeys(names))
    found.update(dict.fromkeys(" " + name for name in names if name.isascii()))
    found.update(dict.fromkeys((*LATER.split(), *LATER_PIECES)))
    add(found, [*forms_of(solid_wordings), SOLID.name, SOLID.plural, *(x.english for x in solid_wordings.DEPTHS.values())])
    return list(found)


def forms_of(module: ModuleType) -> list[str]:
    """All wordings of a module, both languages."""
    tables = (table for table in vars(module).values() if isinstance(table, dict) and "en" in table)
    forms = (form for table in tables for forms in table.values() for form in forms)
    return [text for form in forms for text in ([form] if isinstance(form, str) else form)]


def add(found: dict[str, None], texts: list[str]) -> None:
    """The English words of these texts, each alone and behind a space, as written and in small letters."""
    for text in texts:
        for piece in regex.findall(PATTERN, regex.sub(r"\{\w+\}", " ", text)):
            bare = piece.strip(' \n"')
            if bare.isascii() and bare.isalpha():
                found.update(dict.fromkeys((bare, " " + bare, bare.lower(), " " + bare.lower())))


def byte_letters() -> dict[int, str]:
    """The printable stand-in of every byte that byte-level BPE uses (GPT-2's table)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {b: chr(b) for b in plain}
    table.update({b: chr(256 + n) for n, b in enumerate(b for b in range(256) if b not in table)})
    return table


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tokens in the order of their ids (the special ones last) and merges in the order of their rank."""

    tokens: tuple[str, ...]
    merges: tuple[tuple[str, str], ...]


def build() -> Vocabulary:
    """Write the merges down, word by word."""
    letters = byte_letters()
    ranks: dict[tuple[str, str], int] = {}

    def pieces(text: str) -> list[str]:
        parts = [letters[b] for b in text.encode()]
        while len(parts) > 1:
            best = min(range(len(parts) - 1), key=lambda i: ranks.get((parts[i], parts[i + 1]), 1 << 30))
            if (parts[best], parts[best + 1]) not in ranks:
                break
            parts[best : best + 2] = [parts[best] + parts[best + 1]]
        return parts

    chosen = words()
    characters = dict.fromkeys(c for word in chosen for c in word if not c.isascii())
    for text in itertools.chain(characters, chosen):
        parts = pieces(text)
        while len(parts) > 1:
            ranks[(parts[0], parts[1])] = len(ranks)
            parts = pieces(text)
    tokens = [letters[b] for b in sorted(letters, key=lambda b: letters[b])]
    tokens += list(dict.fromkeys(a + b for a, b in ranks))
    return Vocabulary((*tokens, *SPECIAL), tuple(ranks))


@lru_cache(maxsize=1)
def load() -> Tokenizer:
    """The tokenizer, special tokens not recognised in text: they are added by id."""
    vocabulary = build()
    plain = {token: n for n, token in enumerate(vocabulary.tokens[: -len(SPECIAL)])}
    tokenizer = Tokenizer(models.BPE(vocab=plain, merges=list(vocabulary.merges)))
    split = pre_tokenizers.Split(Regex(PATTERN), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


@lru_cache(maxsize=50_000)
def encode(text: str) -> tuple[int, ...]:
    """Ids of plain text."""
    return tuple(load().encode(text, add_special_tokens=False).ids)


@lru_cache(maxsize=1)
def special() -> dict[str, int]:
    """Ids of the special tokens."""
    size = len(build().tokens)
    return {token: size - len(SPECIAL) + n for n, token in enumerate(SPECIAL)}


def decode(ids: list[int]) -> str:
    """Text of plain ids; special ones are left out."""
    return load().decode([i for i in ids if i < len(build().tokens) - len(SPECIAL)])
