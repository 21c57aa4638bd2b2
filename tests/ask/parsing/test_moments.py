"""Times that answers name: read in every form that models write, and lengths left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask.parsing.frames import frame_named
from backend.ask.parsing.moments import beyond, moments
from backend.scene.moments import frame_at, stamp

TIMES: list[float | None] = [n / 2 for n in range(241)]


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("It hides at 00:12.40.", 12.4, None, "00:12.40"),
        ("It hides at 1:05, then returns.", 65.0, None, "1:05"),
        ("At 12.4 s the cup falls.", 12.4, None, "12.4 s"),
        ("At 12.4s the cup falls.", 12.4, None, "12.4s"),
        ("Seen in <12.4 seconds>, on the left.", 12.4, None, "<12.4 seconds>"),
        ("It enters 3 seconds into the film.", 3.0, None, "3 seconds"),
        ("After 1 minute 5 seconds it stops.", 65.0, None, "1 minute 5 seconds"),
        ("It is hidden from 3.2 to 4.5 seconds.", 3.2, 4.5, "3.2 to 4.5 seconds"),
        ("It is hidden between 3 and 4.5 seconds.", 3.0, 4.5, "between 3 and 4.5 seconds"),
        ("Hidden 00:03–00:05.", 3.0, 5.0, "00:03–00:05"),
        ("Hidden from <3.0 seconds> to <4.5 seconds>.", 3.0, 4.5, "<3.0 seconds> to <4.5 seconds>"),
        ("它在第12.4秒消失。", 12.4, None, "第12.4秒"),
        ("它在1分5秒出现。", 65.0, None, "1分5秒"),
        ("从3秒到4.5秒被挡住。", 3.0, 4.5, "3秒到4.5秒"),
        ("第3至5秒被挡住。", 3.0, 5.0, "第3至5秒"),
        ('{"time": 12.4, "event": "falls"}', 12.4, None, "12.4"),
        ('{"start": "00:03.2", "event": "x"}', 3.2, None, "00:03.2"),
    ],
)
def test_a_time_is_read_with_its_words(text: str, start: float, end: float | None, words: str) -> None:
    (moment,) = moments(text, TIMES)
    assert moment.start == pytest.approx(start)
    assert moment.end == (None if end is None else pytest.approx(end))
    assert text[slice(*moment.text_span)] == words
    assert moment.picture == frame_at(start, TIMES)
    assert TIMES[moment.picture or 0] == pytest.approx(int(start * 2 + 0.01) / 2)


@pytest.mark.parametrize(
    "text",
    [
        "It is hidden for 3 seconds.",
        "Every 2 seconds it turns.",
        "It returns 2 seconds later.",
        "它持续3秒。",
        "3秒钟后它出现。",
        "There are 3 shapes, 12 of them red.",
        "The ratio is 16:9.",
        "[12, 40, 300, 500]",
    ],
)
def test_what_is_no_time_is_no_moment(text: str) -> None:
    assert moments(text, TIMES) == ()


def test_several_times_come_in_the_order_of_the_text() -> None:
    found = moments("It enters at 00:02.00, is hidden from 5 s to 7 s and leaves at 00:09.50.", TIMES)
    assert [(moment.start, moment.end) for moment in found] == [(2.0, None), (5.0, 7.0), (9.5, None)]


def test_pictures_have_no_moments() -> None:
    assert moments("At 00:12.40 it falls.", [None, None]) == ()


def test_times_behind_the_last_frame_are_said_and_are_no_moments() -> None:
    times: list[float | None] = [0.0, 1.0, 2.0]
    assert moments("It falls at 00:40.00.", times) == ()
    assert "00:40.00, behind the last frame" in beyond("It falls at 00:40.00.", times)[0]
    assert beyond("The clock shows 10:30.", times) == ()
    assert beyond("It falls at 1.5 s.", times) == ()


@given(st.floats(0, 119), st.sampled_from(["{}", "at {},", "（{}）", "<{}>"]))
def test_every_stamp_is_read_back(time: float, around: str) -> None:
    (moment,) = moments(around.format(stamp(time)), TIMES)
    assert moment.start == pytest.approx(time, abs=0.0051)


@given(st.text(alphabet='0123456789:.秒分第 s<>-–toandbewn"{}', max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    for moment in moments(text, TIMES):
        start, end = moment.text_span
        assert 0 <= start < end <= len(text)
        assert moment.start >= 0
        assert moment.end is None or moment.end >= moment.start


@pytest.mark.parametrize(
    ("stated", "index"),
    [
        ({"time": 1.1}, 2),
        ({"timestamp": "00:01.6"}, 3),
        ({"time": "<0.5 seconds>"}, 1),
        ({"time": 40}, None),
        ({"time": True}, None),
        ({"time": "noon"}, None),
        ({"label": "cup"}, None),
    ],
)
def test_a_finding_that_names_a_time_is_in_that_frame(stated: dict[str, object], index: int | None) -> None:
    assert frame_named(stated, [0.0, 0.5, 1.0, 1.5]) == index
    assert frame_named(stated, [None, None]) is None
