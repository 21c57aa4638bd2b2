"""Text that is read in drawn pictures, by the real networks: what comes back, and what becomes of pictures without any."""

from __future__ import annotations

import itertools
import sys
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from backend.extras import MissingExtra
from backend.scene import Box, Picture
from backend.synthetic.signs import Sign, draw_signs, font_of
from backend.witness import words
from backend.witness.words import WordReader


@pytest.fixture(scope="module")
def reader() -> WordReader:
    return WordReader(threads=1)


def picture_of(image: Image.Image) -> Picture:
    return Picture("p.png", *image.size, image.convert("RGB").tobytes(), str(hash(image.tobytes())))


def board(text: str, size: tuple[int, int] = (320, 160), turned: float = 0.0, height: int = 32) -> Picture:
    """Black on white, turned clockwise by so many degrees."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.text((40, 60), text, "black", font_of("zh" if ord(text[0]) > 0x3000 else "en", height))
    return picture_of(image.rotate(-turned, Image.Resampling.BICUBIC, fillcolor="white"))


def on(sign: Sign, lines: tuple[Box, ...]) -> list[str]:
    x1, y1, x2, y2 = sign.board
    return [line.label for line in lines if x1 <= line.centre[0] <= x2 and y1 <= line.centre[1] <= y2]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_signs_are_read_where_they_are(reader: WordReader, language: str) -> None:
    scene = draw_signs(4, language, heights=(28, 44))  # type: ignore[arg-type]
    lines = reader.read(picture_of(scene.render()))
    assert [on(sign, lines) for sign in scene.signs] == [[sign.text] for sign in scene.signs]
    assert [line.id for line in lines] == [f"w{number}" for number in range(1, len(lines) + 1)]
    assert {line.found_by for line in lines} == {"ocr"}
    assert all(line.confidence is not None and line.confidence > 0.8 for line in lines)
    below = [b.centre[1] - a.centre[1] for a, b in itertools.pairwise(lines)]
    assert all(step > -22 for step in below), "from top to bottom, what is beside each other within half a line"


@pytest.mark.parametrize("size", [(320, 240), (3000, 2), (3, 200), (1, 1)])
def test_where_there_is_no_text_nothing_is_read(reader: WordReader, size: tuple[int, int]) -> None:
    assert reader.read(picture_of(Image.new("RGB", size, (90, 120, 150)))) == ()


def test_a_tilted_line_says_by_how_much(reader: WordReader) -> None:
    (line,) = reader.read(board("Platform", (400, 300), turned=15))
    assert line.label == "Platform"
    assert dict(line.attributes)["angle"] == pytest.approx(15, abs=4)
    (level,) = reader.read(board("Platform"))
    assert level.attributes == ()


def test_chinese_that_runs_from_top_to_bottom_is_one_line(reader: WordReader) -> None:
    image = Image.new("RGB", (300, 400), "white")
    for place, character in enumerate("安全出口"):
        ImageDraw.Draw(image).text((120, 60 + 50 * place), character, "black", font_of("zh", 40))
    (line,) = reader.read(picture_of(image))
    assert line.label == "安全出口"
    assert line.height > 3 * line.width


def test_a_line_that_stands_on_its_head_is_read(reader: WordReader) -> None:
    (line,) = reader.read(board("Platform", turned=180))
    assert line.label == "Platform"


def test_a_tilted_line_hides_none_that_lies_beside_it(reader: WordReader) -> None:
    banner = Image.new("L", (560, 50))
    ImageDraw.Draw(banner).text((10, 5), "Please wait here now", 255, font_of("en", 40))
    slanted = banner.rotate(35, expand=True)
    image = Image.new("RGB", (640, 480), "white")
    image.paste((0, 0, 0), (60, 60), slanted)
    ImageDraw.Draw(image).text((90, 180), "North gate", "black", font_of("en", 30))
    ImageDraw.Draw(image).text((400, 360), "Way out", "black", font_of("en", 30))
    read = {line.label: line for line in reader.read(picture_of(image))}
    assert set(read) == {"Please wait here now", "North gate", "Way out"}
    around, gate = read["Please wait here now"], read["North gate"]
    assert around.x1 < gate.centre[0] < around.x2, "or there is nothing to be told apart"
    assert around.y1 < gate.centre[1] < around.y2


def test_a_long_strip_is_read_where_it_is(reader: WordReader) -> None:
    image = Image.new("RGB", (280, 2400), "white")
    ImageDraw.Draw(image).text((10, 2300), "Lost property", "black", font_of("en", 40))
    (line,) = reader.read(picture_of(image))
    assert line.label == "Lost property"
    assert 2290 < line.y1 < line.y2 < 2360
    assert 0 <= line.x1 < 20 < 220 < line.x2 <= 280


def test_coordinates_are_those_of_the_original_however_much_of_it_is_held(reader: WordReader) -> None:
    small = board("Library")
    large = replace(small, width=1280, height=640, stored_width=320, stored_height=160)
    (first,), (second,) = reader.read(small), reader.read(large)
    assert [4 * side for side in first.corners] == pytest.approx(second.corners)


def test_small_print_in_a_large_picture_is_read_once(reader: WordReader) -> None:
    image = Image.new("RGB", (2600, 1000), "white")
    draw = ImageDraw.Draw(image)
    for x, text in ((60, "Lost property"), (1290, "Mind the gap"), (2300, "Quiet zone")):
        draw.text((x, 480), text, "black", font_of("en", 15))
    assert sorted(line.label for line in reader.read(picture_of(image))) == ["Lost property", "Mind the gap", "Quiet zone"]


def test_tiles_cover_every_picture_and_repeat_their_edges() -> None:
    for width, height in ((1600, 1600), (1601, 40), (4000, 3000), (16000, 16000), (30000, 100)):
        tiles = words._tiles(width, height)
        assert tiles[0] == (0, 0, width, height)
        if len(tiles) > 1:
            assert len(tiles) <= words.MOST_TILES + 1
            assert min(left for left, *_ in tiles[1:]) == min(top for _, top, *_ in tiles[1:]) == 0
            assert max(right for *_, right, _ in tiles[1:]) == width
            assert max(bottom for *_, bottom in tiles[1:]) == height
            lefts = sorted({left for left, *_ in tiles[1:]})
            side = tiles[1][2] - tiles[1][0]
            assert all(b - a < side for a, b in itertools.pairwise(lefts))


def test_what_a_picture_says_cannot_act_on_the_terminal(reader: WordReader, monkeypatch: pytest.MonkeyPatch) -> None:
    corners = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)]
    monkeypatch.setattr(reader, "_lines", lambda _: iter([(corners, "\x1b[31mEX\u202eIT\n", 0.9)]))
    (line,) = reader.read(board("x"))
    assert not set("\x1b\u202e\n") & set(line.label)


def test_a_reader_that_fails_says_so(reader: WordReader, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(reader, "_reader", broken)
    with pytest.raises(words.ReaderFailure, match="out of memory") as error:
        reader.read(board("x"))
    assert error.value.exit_code == 5


def test_without_rapidocr_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(MissingExtra, match="read text") as error:
        WordReader()
    assert "sightline[ocr]" in error.value.cure
