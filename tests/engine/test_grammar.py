"""The automaton allows exactly what its form says, byte by byte, and knows what must come."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.engine.form import Choice, Form, Integer, Literal, Quoted, Repeat, Series, decimal, optional
from backend.engine.llama.grammar import Automaton, State, automaton

BOXES = Series(
    (
        Literal("["),
        Repeat(Series((Literal('{"box": ['), Repeat(Integer(0, 1000), 4, 4, ", "), Literal("]}"))), 3, separator=", "),
        Literal("]"),
    )
)

leaves = st.one_of(
    st.builds(Literal, st.text("ab蓝", max_size=3)),
    st.integers(0, 300).flatmap(lambda low: st.builds(Integer, st.just(low), st.integers(low, low + 120))),
)
forms: st.SearchStrategy[Form] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Series, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Choice, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Repeat, inner, st.integers(2, 4), st.integers(0, 2), st.sampled_from(["", ",", "ab"])),
    ),
    max_leaves=6,
)


def after(form: Form, text: str | bytes) -> State | None:
    return automaton(form).start().after(text.encode() if isinstance(text, str) else text)


def matches(form: Form, text: str) -> bool:
    state = after(form, text)
    return state is not None and state.complete


def expression(form: Form) -> str:
    """The same language for Python's own engine, numbers spelled out one by one."""
    match form:
        case Literal(text):
            return re.escape(text)
        case Integer(low, high):
            return "(?:" + "|".join(map(str, range(high, low - 1, -1))) + ")"
        case Series(parts):
            return "".join(map(expression, parts))
        case Choice(options):
            return "(?:" + "|".join(map(expression, options)) + ")"
        case Repeat(item, most, least, separator):
            one, more = expression(item), f"(?:{re.escape(separator)}{expression(item)})"
            some = f"(?:{one}{more}{{{max(least - 1, 0)},{most - 1}}})"
            return some if least else f"(?:{some})?"
    raise AssertionError(form)


@given(forms, st.data())
def test_it_accepts_what_a_regular_expression_of_the_form_accepts(form: Form, data: st.DataObject) -> None:
    pattern = re.compile(expression(form))
    good = data.draw(st.from_regex(pattern, fullmatch=True))
    assert matches(form, good)
    if good:
        place = data.draw(st.integers(0, len(good) - 1))
        other = good[:place] + data.draw(st.sampled_from(["", "a", "0", "1", ",", "蓝"])) + good[place + 1 :]
        assert matches(form, other) == (pattern.fullmatch(other) is not None)


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 40_000))
def test_numbers_lie_in_their_range(one: int, other: int, number: int) -> None:
    low, high = sorted((one, other))
    assert matches(Integer(low, high), str(number)) == (low <= number <= high)
    assert not matches(Integer(low, high), f"0{number}")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20), st.booleans())
def test_a_quoted_string_is_any_json_string(text: str, escaped: bool) -> None:
    assert matches(Quoted(20), json.dumps(text, ensure_ascii=False))
    if escaped and all(ord(character) < 0x10000 for character in text):
        assert matches(Quoted(20), json.dumps(text))


@pytest.mark.parametrize(
    "text",
    ['"abcd"', '"a\nb"', '"\x7f"', '"\x85"', '"\\x"', '"\\ud800"', '"\\uDFFF"', '"\\u12"', '"', "abc", '""a'],
)
def test_what_is_no_json_string_or_too_long_is_refused(text: str) -> None:
    assert not matches(Quoted(3), text)


def test_a_string_may_have_a_least_length() -> None:
    assert [matches(Quoted(3, shortest=2), f'"{text}"') for text in ("", "蓝", "蓝色", r"\n\u00e9", "abc", "abcd")] == [
        *(False, False, True, True, True, False)
    ]


@given(st.binary(max_size=8))
def test_what_a_string_lets_pass_is_valid_unicode(raw: bytes) -> None:
    state = after(Quoted(20), b'"' + raw + b'"')
    if state is not None and state.complete:
        assert json.loads(b'"' + raw + b'"') is not None


@pytest.mark.parametrize("text", ["0", "-0.25", "12.5", "-99", "99.0001"])
def test_decimals(text: str) -> None:
    assert matches(decimal(99, 4), text)


@pytest.mark.parametrize("text", ["", "-", "+1", "00", "01", ".5", "1.", "100", "1.00001", "--1"])
def test_what_is_no_decimal(text: str) -> None:
    assert not matches(decimal(99, 4), text)


def test_a_list_stops_at_its_most() -> None:
    entry = '{"box": [0, 10, 999, 1000]}'
    for count in range(4):
        assert matches(BOXES, f"[{', '.join([entry] * count)}]")
    assert after(BOXES, f"[{', '.join([entry] * 3)},") is None


def test_it_says_what_must_come_next() -> None:
    def forced(text: str) -> bytes:
        state = after(BOXES, text)
        assert state is not None
        return state.forced()[0]

    assert forced("") == b"["
    assert forced("[") == b"", "the list may end here, or a box begin"
    assert forced("[{") == b'"box": ['
    assert forced('[{"box": [12') == b"", "a number may go on, or end"
    assert forced('[{"box": [123') == b", ", "of 0 to 1000 only 100 goes on after three digits"
    assert forced('[{"box": [100') == b""
    assert forced('[{"box": [0') == b", "
    assert forced('[{"box": [1, 1, 1, 111') == b"]}"
    state = after(BOXES, "[]")
    assert state is not None
    assert state.finished
    assert state.forced() == (b"", state)


def test_forced_text_stops_where_the_answer_may_end() -> None:
    assert automaton(Series((Literal("a"), optional(Literal("b"))))).start().forced()[0] == b"a"


@given(forms)
def test_forced_text_leads_where_it_says(form: Form) -> None:
    start = Automaton(form).start()
    text, behind = start.forced()
    assert start.after(text) is behind
    assert behind.complete or len(behind.allowed_bytes()) > 1


def test_a_token_may_end_inside_a_character() -> None:
    form = Series((Literal("蓝"), Literal("色")))
    raw = "蓝色".encode()
    for cut in range(len(raw) + 1):
        state = after(form, raw[:cut])
        assert state is not None
        assert state.forced()[0] == raw[cut:]


@pytest.mark.parametrize("wrong", [lambda: Integer(2, 1), lambda: Integer(-1, 1), lambda: Choice(()), lambda: Quoted(-1)])
def test_a_form_that_nothing_matches_cannot_be_made(wrong: object) -> None:
    with pytest.raises(ValueError):
        wrong()  # type: ignore[operator]
    with pytest.raises(ValueError):
        Repeat(Literal("a"), 1, 2)


def test_states_are_shared_and_do_not_grow_with_answers() -> None:
    machine = Automaton(BOXES)
    first = machine.start().after(b'[{"box": [1, 2')
    assert machine.start().after(b'[{"box": [1, 2') is first


def test_an_automaton_that_has_grown_large_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.engine.llama.grammar.MOST_STATES", 5)
    machine = Automaton(BOXES)
    start = machine.start()
    assert start.after(b'[{"box": [1, 2') is not None
    again = machine.start()
    assert again is not start
    assert again.after(b"[]") is not None
    assert start.after(b"[]") is not None, "an answer under way keeps its states"
