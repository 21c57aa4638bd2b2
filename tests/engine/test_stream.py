"""Bytes to characters, and thinking told from answering."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from backend.engine.llama.stream import AnswerStream, ThinkTags

TAGS = ThinkTags(100, 101)


@given(st.text(), st.lists(st.integers(0, 40)))
def test_characters_survive_any_split_into_tokens(text: str, cuts: list[int]) -> None:
    raw = text.encode("utf-8", "replace")
    edges = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    stream = AnswerStream(None)
    shown = "".join(stream.push(index, raw[start:end]).text for index, (start, end) in enumerate(pairwise(edges)))
    assert shown == stream.text == raw.decode()


def test_a_character_cut_off_at_the_end_is_left_out() -> None:
    stream = AnswerStream(None)
    raw = "圆形".encode()
    pieces = [stream.push(index, raw[index : index + 1]).text for index in range(5)]
    assert pieces == ["", "", "圆", "", ""]
    assert stream.text == "圆"


def test_bytes_that_are_no_text_are_replaced() -> None:
    stream = AnswerStream(None)
    stream.push(1, b"\xff")
    stream.push(2, b"ok")
    assert stream.text == "\ufffdok"


def test_thinking_ends_at_its_token_and_is_not_part_of_the_answer() -> None:
    stream = AnswerStream(TAGS)
    steps = [(1, b"so </thi"), (2, b"nk> not yet"), (101, b"</think>"), (3, b"\n\n"), (4, b"Left"), (5, b".")]
    pieces = [stream.push(token, raw) for token, raw in steps]
    assert [piece.thinking for piece in pieces] == [True, True, True, False, False, False]
    assert "".join(piece.text for piece in pieces if piece.thinking) == "so </think> not yet"
    assert stream.text == "Left."
    assert stream.ids == (4, 5)


def test_ids_are_not_offered_where_the_answer_begins_inside_a_token() -> None:
    stream = AnswerStream(TAGS)
    stream.push(101, b"</think>")
    stream.push(3, b"\n\nLeft")
    assert stream.text == "Left"
    assert stream.ids is None


def test_a_character_begun_in_thought_does_not_leak_into_the_answer() -> None:
    stream = AnswerStream(TAGS)
    stream.push(1, b"\xe5\x9c")
    stream.push(101, b"</think>")
    stream.push(2, b"A")
    assert stream.text == "A"


def test_where_the_prompt_has_closed_the_reasoning_the_answer_begins_at_once() -> None:
    stream = AnswerStream(TAGS, begun=False)
    assert not stream.thinking
    assert stream.push(4, b"Left").thinking is False
    assert stream.text == "Left"
    assert stream.ids == (4,)


def test_tags_are_text_for_a_model_that_does_not_think() -> None:
    stream = AnswerStream(None)
    stream.push(101, b"</think>")
    assert stream.text == "</think>"
