"""The sampled token where the form allows it, else the likeliest that it allows; forced tokens are the model's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.engine.form import Choice, Form, Integer, Literal, Quoted, Repeat, Series
from backend.engine.llama.constrained import Constraint
from backend.engine.llama.vocabulary import Vocabulary
from backend.errors import EngineFailure

LIST = Series(
    (
        Literal("["),
        Repeat(
            Series((Literal('{"at": ['), Integer(0, 1000), Literal('], "label": '), Quoted(20, shortest=1), Literal("}"))),
            5,
            0,
            ", ",
        ),
        Literal("]"),
    )
)
BYTES = [bytes((byte,)) for byte in range(256)]
WORDS = ['[{"', "[]", "at", '":', " [", "],", ' "', "label", "red", '"},', '"}]', ' {"', "蓝", " red", ", "]
END, CONTROL = 256 + len(WORDS), 257 + len(WORDS)


def vocabulary(*words: str) -> Vocabulary:
    """Every byte, some words, one end of turn and one control token; spells greedily by the longest piece."""
    pieces = [*BYTES, *(word.encode() for word in (*WORDS, *words))]

    def tokens(text: str) -> list[int]:
        ids, rest = [], text.encode()
        while rest:
            ids.append(max((i for i, piece in enumerate(pieces) if rest.startswith(piece)), key=lambda i: len(pieces[i])))
            rest = rest[len(pieces[ids[-1]]) :]
        return ids

    return Vocabulary([*pieces, b"", b""], [len(pieces)], tokens)


PLAIN = vocabulary()


def spelled(ids: Sequence[int], words: Vocabulary = PLAIN) -> bytes:
    return b"".join(words.pieces[token] for token in ids)


def begun(text: str, form: Form = LIST, words: Vocabulary = PLAIN) -> Constraint:
    constraint = Constraint(form, words)
    for byte in text.encode():
        constraint.accept(byte)
    return constraint


def logits(**likely: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    values = np.zeros(len(PLAIN.pieces), dtype=np.float32)
    for word, value in likely.items():
        values[PLAIN.pieces.index(word.encode())] = value
    return values


def test_a_sampled_token_that_is_allowed_is_kept_whatever_its_logit() -> None:
    assert begun("").choose(logits(x=9), ord("[")) == ord("[")
    assert begun("").choose(logits(x=9), 256) == 256, "a token may span several parts of the form"


def test_a_refused_token_gives_way_to_the_likeliest_that_is_allowed() -> None:
    chosen = begun('[{"at": [').choose(logits(x=9, red=8, **{"7": 7, "]": 6}), ord("x"))
    assert chosen == ord("7")


def test_the_turn_ends_only_where_the_answer_is_complete() -> None:
    values = logits(x=5)
    values[END], values[CONTROL] = 9, 10
    assert begun("[]").choose(values, CONTROL) == END
    assert begun("[").choose(values, END) not in (END, CONTROL)
    assert begun("[]").allows(END)
    assert not begun("[").allows(END)
    assert not begun("[]").allows(CONTROL)
    assert begun("[]").finished
    open_end = begun("a", Series((Literal("a"), Choice((Literal(""), Literal("b"))))))
    assert open_end.complete
    assert not open_end.finished


def test_where_no_token_goes_on_the_answer_fails() -> None:
    values = np.full(len(PLAIN.pieces), -np.inf, dtype=np.float32)
    values[ord("x")] = 1
    with pytest.raises(EngineFailure):
        begun("").choose(values, ord("x"))


def test_what_is_not_allowed_cannot_be_accepted() -> None:
    with pytest.raises(ValueError):
        begun("").accept(ord("x"))


@given(st.integers(0, 2**32), st.sampled_from(["", "[", '[{"at": [1', '[{"at": [10', '[{"at": [1], "label": "r', "[]"]))
def test_the_choice_is_the_best_of_all_that_are_allowed(seed: int, text: str) -> None:
    """Among thousands of tokens, so that the likeliest are looked at block by block."""
    rng = np.random.default_rng(seed)
    many = Vocabulary(
        [*PLAIN.pieces[:-2], *[b"junk"] * 2000, *[b'"junk'] * 2000, b"", b""], [len(PLAIN.pieces) + 3998], lambda _: []
    )
    constraint = begun(text, LIST, many)
    values = rng.normal(size=len(many.pieces)).astype(np.float32).round(1)  # rounded: many are equally likely
    values[-4002:-2] += 4
    allowed = [token for token in range(len(values)) if constraint.allows(token)]
    refused = next(token for token in range(len(values)) if not constraint.allows(token))
    assert values[constraint.choose(values, refused)] == max(values[token] for token in allowed)


@pytest.mark.parametrize(
    ("text", "forced"),
    [
        ("", b""),  # `[]` and `[{"` both begin with the bracket that must come
        ('[{"', b'at": ['),
        ('[{"at": [1', b""),
        ('[{"at": [100', b""),
        ('[{"at": [345', b'], "label":'),  # `"},` could be how a label begins
        ('[{"at": [345], "label": "red"', b""),  # `}]` and `},` are words that go on behind the brace
        ('[{"at": [345], "label": "red"},', b' {"at": ['),
    ],
)
def test_forced_tokens(text: str, forced: bytes) -> None:
    words = vocabulary("}]", "},")
    constraint = begun(text, LIST, words)
    assert spelled(constraint.forced(), words) == forced


def test_the_tail_that_a_token_spans_is_left_to_the_model() -> None:
    """With a token for `: $`, only what is spelled before it is forced; with one that the form refuses, all is."""
    form = Series((Literal('"price": '), Choice((Literal("$"), Literal("€")))))
    for word, forced in ((": $", b'"price'), (": £", b'"price": '), ("$€", b'"price": ')):
        words = vocabulary(word)
        assert spelled(Constraint(form, words).forced(), words) == forced


def test_a_token_of_the_forced_text_is_not_cut_in_two() -> None:
    """`y"` is how the text is spelled, and `"z` a way on: the whole of `y"` is left."""
    words = vocabulary('y"', '"z')
    form = Series((Literal('xy"'), Choice((Literal("z"), Literal("0")))))
    assert spelled(begun("", form, words).forced(), words) == b"x"


def test_nothing_is_forced_inside_a_character() -> None:
    form = Series((Literal("蓝色"), Choice((Literal("a"), Literal("b")))))
    constraint = Constraint(form, PLAIN)
    assert spelled(constraint.forced()) == "蓝色".encode()
    constraint.accept("蓝".encode()[0])
    assert constraint.forced() == ()


@given(st.integers(0, 2**32))
def test_whatever_is_sampled_the_answer_has_its_form(seed: int) -> None:
    rng = np.random.default_rng(seed)
    constraint, said = Constraint(LIST, PLAIN), b""
    while not constraint.finished:
        ids = constraint.forced()
        if not ids:
            values = rng.normal(size=len(PLAIN.pieces)).astype(np.float32)
            values[ord('"')] += 1
            ids = (constraint.choose(values, int(values.argmax())),)
        for token in ids:
            constraint.accept(token)
        said += spelled(ids)
    state = begun("", LIST)._state.after(said)
    assert state is not None
    assert state.complete
