"""Replies in Markdown: nothing of the model's words is lost or moved, marks stay on their words, and nothing is obeyed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from textual.color import Color
from textual.content import Content
from textual.style import Style
from textual.visual import RenderOptions

from backend.sanitise import lines
from backend.scene import Span
from tui import prose
from tui.blocks import Form, Group
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.laid import Laid
from tui.markdown import parsed
from tui.prose import Mark
from tui.units import sentences

WORDS = ("left ", "在左边", "👩‍👧", "\x1b[31m", "\r\n", "\n", "\n\n", " ", "[", "](", ")", "\u202e", "word. ", "\t", "\0")
SIGNS = ("**", "*", "_", "`", "~~", "# ", "## ", "> ", "- ", "  - ", "1. ", "| ", " |", "\n|---|:-:|\n", "```", "---\n")
WHOLE = ('[{"bbox_2d": [1, 2, 3, 4]}]', "```json\n[1]\n```", '[{"bbox', "[a](javascript:x)", "![p](http://e.x/a.png)", "<b>")
PIECES = (*WORDS, *SIGNS, *WHOLE, "\\", "&amp;", "3.5", "```py\n")
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def laid(text: str, *, marks: tuple[Mark, ...] = (), width: int = 500, glyphs: Glyphs = UNICODE) -> Content:
    groups = parsed(text, prose.kept(text))
    return Content("\n").join(Laid(text, group.blocks, marks, glyphs).content(width) for group in groups)


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalpha())


def shown(text: str, width: int = 500, glyphs: Glyphs = UNICODE) -> list[str]:
    return [line.rstrip() for line in laid(text, width=width, glyphs=glyphs).plain.split("\n")]


def styled(content: Content, style: str) -> str:
    return "|".join(content.plain[span.start : span.end] for span in content.spans if style in str(span.style))


@settings(max_examples=400)
@given(texts)
@example("\\\r\n_")
@example("```py\n\r\nleft ")
@example("left \tleft | 在左边\n|---|:-:|\n")
def test_every_letter_is_shown_once_and_in_its_place(text: str) -> None:
    assert letters(laid(text).plain) == letters(lines(prose.spoken(text)))


@given(texts, st.integers(5, 40))
def test_no_width_loses_a_letter(text: str, width: int) -> None:
    groups = parsed(text, prose.kept(text))
    if not any(block.form is Form.TABLE for group in groups for block in group.blocks):  # columns are read across
        assert letters(laid(text, width=width).plain) == letters(laid(text).plain)
    else:
        assert sorted(letters(laid(text, width=width).plain)) == sorted(letters(laid(text).plain))


@given(texts, texts)
@example("left ```json\n[1]\n```", "` |")
def test_a_mark_stays_on_its_words(before: str, after: str) -> None:
    text = f"{before}qvwz{after}"
    start = text.index("qvwz")
    content = laid(text, marks=(Mark((start, start + 4), "$error"),))
    seen = any(begin <= start < end for begin, end in prose.kept(text))
    assert styled(content, "$error") == ("qvwz" if seen else "")


@given(texts, st.lists(st.integers(1, 30), min_size=1))
def test_what_streams_ends_as_what_is_read_at_once(text: str, steps: list[int]) -> None:
    text = text.replace("[", "")  # of coordinates, which are taken back when they turn out to be none, see below
    settled: list[Group] = []
    at = 0
    while at < len(text):
        at += steps[at % len(steps)]
        arrived = text[:at]
        start = settled[-1].span[1] if settled else 0
        groups = [*settled, *parsed(arrived, prose.kept(arrived, streaming=True), start)]
        settled = groups[:-1]
    start = settled[-1].span[1] if settled else 0
    streamed = [*settled, *parsed(text, prose.kept(text), start)]
    assert letters(rendered(text, streamed)) == letters(rendered(text, parsed(text, prose.kept(text))))


def rendered(text: str, groups: list[Group]) -> str:
    return "\n".join(Laid(text, group.blocks, (), UNICODE).content(500).plain for group in groups)


@given(texts)
def test_sentences_are_spans_of_what_is_shown_in_their_order(text: str) -> None:
    kept = prose.kept(text)
    spans = [span for group in parsed(text, kept) for block in group.blocks for span in sentences(text, block)]
    assert spans == sorted(spans)
    for before, after in pairwise(spans):
        assert before[1] <= after[0]
    for start, end in spans:
        assert text[start:end].strip() == text[start:end] != ""


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("# Title\nYes, **so**.", ["Title", "Yes, so."]),
        ("- one\n  - two\n- three", ["• one", "  • two", "• three"]),
        ("1. one\n2. two\n   more", ["1. one", "2. two", "   more"]),
        ("> said\n> so", ["│ said", "│ so"]),
        ("```py\nx = 1\n  y\n```", ["py", "x = 1", "  y"]),
        ("```\n[1, 2]\n```", ["[1, 2]"]),
        ("a\n\n---\nb", ["a", "─" * 40, "b"]),
        ("| a | b |\n|---|---|\n| 左边 | 2 |", ["a    │ b", "─────┼──", "左边 │ 2"]),
        ("snake_case and 2 * 3 * 4", ["snake_case and 2 * 3 * 4"]),
        ("**注意：**下面", ["注意：下面"]),
        (r"\*not\* `a*b*`", ["*not* a*b*"]),
        ("half **open", ["half **open"]),
        ("line one\nline two", ["line one", "line two"]),
        ('Here [{"bbox_2d": [1, 2, 3, 4]}] it is', ["Here  it is"]),
        ('Here:\n\n```json\n[{"bbox_2d": [1, 2, 3, 4]}]\n```\n\nDone', ["Here:", "Done"]),
    ],
)
def test_blocks_look_as_they_are_meant(text: str, seen: list[str]) -> None:
    assert shown(text) == seen


def test_long_points_hang_and_code_is_folded() -> None:
    assert shown("- one two three four five six", width=16) == ["• one two three", "  four five six"]
    assert shown("```\n" + "x" * 20 + "\n```", width=8) == ["x" * 8, "x" * 8, "x" * 4]


def test_a_table_shares_the_room_and_is_a_list_where_there_is_none() -> None:
    table = "| name | what it does |\n|---|---|\n| cup | stands left of the plate |"
    rule = "─────┼──────────────────"
    assert shown(table, width=24) == ["name │ what it does", rule, "cup  │ stands left of", "     │ the plate"]
    wide = "|" + "|".join("abcd" for _ in range(9)) + "|\n" + "|---" * 9 + "|"
    assert shown(wide, width=20)[:9] == ["abcd"] * 9


def test_without_unicode_the_frame_is_ascii() -> None:
    assert all(line.isascii() for line in shown("- a\n> b\n\n---\n\n|a|b|\n|-|-|\n|c|d|", glyphs=ASCII))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("[blue](javascript:alert(1)) one", "blue(javascript:alert(1)) one"),
        ('[a](file:///etc/passwd "t") b', 'a(file:///etc/passwd "t") b'),
        ("![p](http://e.x/a.png)", "p(http://e.x/a.png)"),
        ("<https://e.x> <script>x</script> &lt;b&gt;", "<https://e.x> <script>x</script> &lt;b&gt;"),
        ("\x1b]8;;http://e.x\x07link\x1b]8;;\x07", "\\e]8;;http://e.x\\x07link\\e]8;;\\x07"),
        ("`\x1b[2J` **\x9b31m**", "\\e[2J \\x9b31m"),
        ("[bold]x[/bold] [@click=app.quit]y[/]", "[bold]x[/bold] [@click=app.quit]y[/]"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("[a]: http://e.x\n\n[a]", "[a]: http://e.x\n[a]"),
    ],
)
def test_what_is_hostile_is_data(text: str, seen: str) -> None:
    content = laid(text)
    assert content.plain == seen
    for span in content.spans:
        assert "click" not in str(span.style)
        assert "link" not in str(span.style)


@pytest.mark.parametrize(
    "endless",
    ["[" * 50_000, "> " * 3_000 + "a", "- " * 3_000, "`" * 9_999, "**a " * 4_000, "![[" * 5_000, "|" * 5_000 + "\n|-" * 5_000],
)
def test_what_is_written_to_be_slow_is_shown_all_the_same(endless: str) -> None:
    assert letters(laid(endless).plain) == letters(endless)


def test_styles_are_those_of_the_words() -> None:
    content = laid("**bold** *slanted* `code` ~~gone~~ and **both *of* them**")
    assert styled(content, "bold") == "bold|both |of| them"
    assert styled(content, "italic") == "slanted|of"
    assert styled(content, "strike") == "gone"
    assert styled(content, "$secondary") == "code"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes. The cup is left! Is it? No", ["Yes.", "The cup is left!", "Is it?", "No"]),
        ("是的。杯子在左边，盘子在右边！对。", ["是的。", "杯子在左边，盘子在右边！", "对。"]),
        ("It is 3.5 m, e.g.\n- one\n- two. Three", ["It is 3.5 m, e.g.", "one", "two.", "Three"]),
        ("| a | b |\n|---|---|\n| c | d |", ["a | b", "c | d"]),
        ("**Yes.** It is.", ["Yes.", "It is."]),
        ("```\ncode. Code.\n```\nAnd so.", ["And so."]),
        ('At [{"bbox_2d": [1, 2, 3, 4]}] there. So', ['At [{"bbox_2d": [1, 2, 3, 4]}] there.', "So"]),
    ],
)
def test_sentences(text: str, said: list[str]) -> None:
    groups = parsed(text, prose.kept(text))
    spans: list[Span] = [span for group in groups for block in group.blocks for span in sentences(text, block)]
    assert [text[start:end] for start, end in spans] == said


STREAMED = """Two **cups** stand on the table, left of the `plate`.

- one is red,
- the other blue 杯子

| what | where |
|---|---|
| cup | left |

> and
> so on, for a while, until the line is full
"""


@pytest.mark.parametrize("width", [16, 23, 80])
def test_a_streaming_reply_is_drawn_like_one_that_is_whole(width: int) -> None:
    """Though of each update only the lines that are new are drawn."""
    options = RenderOptions(lambda _: Style(), {}, None, None)
    style = Style(foreground=Color(200, 200, 200), background=Color(10, 10, 10))
    earlier: Laid | None = None
    reused = 0
    for end in range(1, len(STREAMED) + 1):
        text = STREAMED[:end]
        blocks = tuple(block for group in parsed(text, prose.whole(text)) for block in group.blocks)
        now = Laid(text, blocks, (Mark((4, 12), "$error"),), UNICODE)
        whole = now.content(width).render_strips(width, None, style, options)
        if earlier is not None:
            now.follow(earlier)
            before = set(map(id, earlier.render_strips(width, None, style, options)))
        drawn = now.render_strips(width, None, style, options)
        assert drawn == whole
        if earlier is not None:
            reused += sum(id(strip) in before for strip in drawn)
        earlier = now
    assert reused > len(STREAMED)
    assert earlier is not None
    earlier.forget()
    assert earlier.render_strips(width, None, style, options) == whole
