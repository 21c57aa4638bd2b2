"""Reports: nothing in them is loaded from elsewhere, nothing that a model said is markup, and marks lie where findings do."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from PIL import Image

from backend.export.exporting import export
from backend.export.originals import Originals
from backend.export.prose import as_markdown
from backend.export.report import html
from backend.sanitise import one_line
from backend.scene import Box, Box3D, Change, ChangeKind, Finding, Point, Window
from backend.scene.moments import Moment
from tests.export.answers import AWKWARD, answer, claimed, drawn_at, plain_at

LOADS = {"src", "href", "srcset", "action", "data", "poster", "xlink:href", "formaction", "background"}


class Page(HTMLParser):
    """What a browser would see of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            attributes
            for name, attributes in self.tags
            if name == tag and all(wanted[key] == attributes.get(key.replace("_", "-")) for key in wanted)
        ]


FOUND: tuple[Finding, ...] = (
    Box3D((0, 0.2, 3), (1, 1, 1), 0, 0.3, 0, "crate", id="s1"),
    Box(-10, 20, 100, 120, AWKWARD, confidence=0.734, id="b1", attributes=(("colour", "<i>red</i>"),)),
    Point(200, 100, "spot", id="p1"),
)


def assert_loads_nothing(page: Page) -> None:
    for tag, attributes in page.tags:
        assert tag not in ("link", "iframe", "object", "embed", "base", "img", "form")
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in LOADS:
                assert value.startswith(("data:image/", "#"))
            assert "url(" not in value
    (policy,) = page.having("meta", http_equiv="Content-Security-Policy")
    assert policy["content"].startswith("default-src 'none'; img-src data:;")


@pytest.fixture
def page(tmp_path: Path) -> Page:
    ref = drawn_at(tmp_path / "a & b.png")
    export("html", [answer([ref], FOUND, "It <b>is</b> there.", [claimed()]), answer([ref])], tmp_path / "r.html", Originals())
    return Page((tmp_path / "r.html").read_text("utf-8"))


def test_the_page_loads_nothing_and_holds_each_picture_once(page: Page) -> None:
    assert_loads_nothing(page)
    (image,) = page.having("image")
    data = base64.b64decode(image["href"].removeprefix("data:image/png;base64,"))
    assert Image.open(io.BytesIO(data)).size == (480, 360)
    assert len(page.having("use", href=f"#{image['id']}")) == 2


def test_its_script_is_the_one_that_its_policy_knows() -> None:
    text, _ = html([answer([])], Originals())
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text


def test_marks_lie_where_the_findings_do(page: Page) -> None:
    assert page.having("svg", viewBox="0 0 480 360") or page.having("svg", viewbox="0 0 480 360")
    rect = page.having("rect")[-1]
    assert [float(rect[key]) for key in ("x", "y", "width", "height")] == [0, 20, 100, 100]
    circle = page.having("circle")[-1]
    assert (float(circle["cx"]), float(circle["cy"])) == (200, 100)
    assert page.having("path")[-1]["d"].count("M") == 12
    marked = [one["data-id"] for one in page.having("g")]
    rows = [one["data-ids"] for one in page.having("tr") if "data-ids" in one]
    assert marked == rows == ["s1", "b1", "p1"]


def test_what_was_said_is_text(page: Page) -> None:
    assert "It <b>is</b> there." in page.text
    assert "<i>red</i>" in page.text
    assert "杯子" in page.text
    assert "\u202e" not in page.text
    assert not page.having("b")
    assert not page.having("i")
    for words in ("red cup left of plate: confirmed", "+3.0 σ", "It was cut off.", "0.73", "model's estimate"):
        assert words in page.text


HOSTILE = """**bold** and [here](javascript:alert(1)) or [there](https://example.org/x)
![seen](https://example.org/x.png) <https://example.org> &lt;b&gt; <b onclick=x>y</b>

[ref]: https://example.org/
[ref]

| a | b |
|---|---|
| <script>1</script> | `code` |
"""


def test_a_models_markdown_is_laid_out_and_leads_nowhere(tmp_path: Path) -> None:
    text, _ = html([answer([drawn_at(tmp_path / "a.png")], text=HOSTILE)], Originals())
    page = Page(text)
    assert_loads_nothing(page)
    assert page.having("strong")
    assert page.having("code")
    assert not page.having("a")
    assert not page.having("b")
    for words in (
        "[here](javascript:alert(1))",
        "<https://example.org>",
        "&lt;b&gt;",
        "<b onclick=x>y</b>",
        "<script>1</script>",
    ):
        assert words in page.text


def test_coordinates_are_folded_where_the_table_tells_them(tmp_path: Path) -> None:
    ref = drawn_at(tmp_path / "a.png")
    told = '[{"bbox_2d": [1, 2, 3, 4], "label": "cup"}]'
    text, _ = html([answer([ref], [Box(1, 2, 3, 4, "cup", id="b1")], told), answer([ref], [], told)], Originals())
    folded, plain = text.split("<section")[1:]
    assert folded.index("<details>") < folded.index("bbox_2d") < folded.index("</details>")
    assert "<details>" not in plain
    assert "bbox_2d" in plain


def test_several_answers_have_contents_that_lead_to_each_with_its_verdicts() -> None:
    text, _ = html([answer([], claims=[claimed()]), answer([])], Originals())
    page = Page(text)
    assert [one["href"] for one in page.having("a")] == ["#answer-1", "#answer-2"]
    assert [one["id"] for one in page.having("section")] == ["answer-1", "answer-2"]
    assert page.having("span", **{"class": "ruled confirmed", "title": "confirmed"})
    assert not Page(html([answer([])], Originals())[0].split("<section")[0]).having("nav")


def test_changes_moments_and_the_part_that_was_asked_about_are_told(tmp_path: Path) -> None:
    ref = replace(drawn_at(tmp_path / "a.png"), part=Window(10, 20, 100, 80))
    moved = Change(ChangeKind.MOVED, "<i>cup</i>", 0, 0, "b1", "b2", (5.0, 0.0), 9.0, 1.0, 0.0, "it is 5 px right")
    said = replace(answer([ref]), changes=(moved,), moments=(Moment(1.5, 2.25, (0, 1), 0),), told=("A reader has read <b>.",))
    page = Page(html([said], Originals())[0])
    part = page.having("rect", **{"class": "part"})[0]
    assert [float(part[key]) for key in ("x", "y", "width", "height")] == [10, 20, 100, 80]
    for words in ("<i>cup</i>: moved", "it is 5 px right", "00:01.50–00:02.25", "A reader has read <b>.", "the marked part"):
        assert words in page.text


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_words_make_markup(label: str, said: str) -> None:
    text, _ = html([answer([], [Box(0, 0, 1, 1, label, id=label)], f"</blockquote><script>{said}")], Originals())
    page = Page(text)
    assert_loads_nothing(page)
    assert [tag for tag, _ in page.tags].count("script") == 1


def test_a_missing_picture_is_told_on_the_page(tmp_path: Path) -> None:
    ref = plain_at(tmp_path / "a.png", (60, 40))
    (tmp_path / "a.png").unlink()
    written = export("html", [answer([ref], FOUND)], tmp_path / "r.html", Originals())
    assert "a.png" in written.notes[0]
    page = Page((tmp_path / "r.html").read_text("utf-8"))
    assert page.having("div", **{"class": "missing"})
    assert "crate" in page.text


def test_markdown_has_its_pictures_beside_it_and_escapes_what_was_said(tmp_path: Path) -> None:
    ref = drawn_at(tmp_path / "scene one.png")
    export("markdown", [answer([ref], FOUND, "# Not a heading\n[x](y)", [claimed()])], tmp_path / "report", Originals())
    text = (tmp_path / "report" / "report.md").read_text("utf-8")
    (named,) = re.findall(r"!\[.*\]\(<(.*)>\)", text)
    with Image.open(tmp_path / "report" / named) as picture:
        assert picture.size == (480, 360)
    assert "> \\# Not a heading  \n> \\[x\\](y)" in text
    row = '| b1 | 杯子, "red"\\\\n\\<b\\>\\[x\\]\\</b\\>\\\\u202egnp.exe =1+1 | x -10–100, y 20–120 px | 1 | 0.73 |'
    assert row in text
    assert "- **red cup left of plate: confirmed**" in text


@given(st.text(max_size=40))
@example("https://example.org www.example.org me@example.org <b> &amp; *a* `b` [c](d) ![e](f) ~~g~~ | h $i$")
@example("# a")
@example("1. a")
@example("- a")
@example("---")
@example("===")
@example("    code")
def test_in_markdown_text_is_text(said: str) -> None:
    reader = MarkdownIt("gfm-like")
    shown = one_line(said).strip()
    for form, said_around in (("{}", "{}"), ("> {}", "{}"), ("- **{}**", "{}"), ("before {} after", "before {} after")):
        (inline,) = [token for token in reader.parse(form.format(as_markdown(said) or "x")) if token.type == "inline"]
        assert inline.children is not None
        assert {child.type for child in inline.children} <= {"text", "text_special", "strong_open", "strong_close"}, form
        assert "".join(child.content for child in inline.children) == said_around.format(shown or "x")


def test_the_markdown_report_tells_what_the_page_tells(tmp_path: Path) -> None:
    ref = replace(drawn_at(tmp_path / "a.png"), part=Window(10, 20, 100, 80))
    moved = Change(ChangeKind.MOVED, "cup", 0, 0, "b1", "b2", (5.0, 0.0), 9.0, 1.0, 0.0, "it is 5 px right")
    said = replace(
        answer([ref]), changes=(moved,), moments=(Moment(1.5, None, (0, 1), 0),), told=("Read: X.",), thinking="Hm.\nSo."
    )
    export("markdown", [said], tmp_path / "report", Originals())
    text = (tmp_path / "report" / "report.md").read_text("utf-8")
    for words in (
        "1 answer · 1 picture · demo",
        "**cup: moved** — it is 5 px right",
        "Moments: 00:01.50",
        "- Read: X.",
        "> Hm.",
    ):
        assert words in text
    assert "the marked part (10, 20, 100×80 px)" in text
