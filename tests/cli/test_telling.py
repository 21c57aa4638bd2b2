"""Answers that are made in another order than they were asked for come out in that order."""

from __future__ import annotations

import json
from itertools import permutations

import pytest

from backend.answer import Answer
from backend.ask import Question
from backend.cli.telling import Telling
from backend.errors import EmptyAnswer, EngineFailure
from backend.events import Done, Failed, Token

QUESTIONS = [Question(f"Question {number}?", (), id=str(number)) for number in range(3)]


def done(number: int) -> Done:
    return Done(str(number), Answer(f"Question {number}?", "free", f"answer {number}", ()))


def test_a_later_question_keeps_its_words_until_its_turn(capsys: pytest.CaptureFixture[str]) -> None:
    telling = Telling(QUESTIONS, as_json=False)
    telling.hear(Token("1", "answer 1", None))
    assert capsys.readouterr().out == ""
    telling.hear(Token("0", "ans", None))
    assert capsys.readouterr().out == "# Question 0?\nans"
    telling.hear(done(1))
    telling.hear(Token("0", "wer 0", None))
    assert capsys.readouterr().out == "wer 0"
    telling.hear(done(0))
    assert capsys.readouterr().out == "\n\n# Question 1?\nanswer 1\n"


def test_a_failure_among_answers_is_said_and_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    telling = Telling(QUESTIONS, as_json=True)
    for event in (done(2), Failed("0", EngineFailure("it broke", cure="ask again")), done(1)):
        telling.hear(event)
    printed = capsys.readouterr()
    assert [json.loads(line)["question"] for line in printed.out.splitlines()] == ["Question 1?", "Question 2?"]
    assert printed.err == "sightline: question 1: it broke\n  → ask again\n"
    assert isinstance(telling.failure, EngineFailure)
    assert [answer.text for answer in telling.answers] == ["answer 1", "answer 2"]


@pytest.mark.parametrize("order", permutations(range(3)))
@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_whatever_the_order_of_the_ends(order: tuple[int, ...], as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    telling = Telling(QUESTIONS, as_json=as_json)
    for number in order:
        telling.hear(Token(str(number), f"answer {number}", None))
        telling.hear(done(number))
    out = capsys.readouterr().out
    if as_json:
        assert [json.loads(line)["text"] for line in out.splitlines()] == ["answer 0", "answer 1", "answer 2"]
    else:
        assert out == "\n".join(f"# Question {number}?\nanswer {number}\n" for number in range(3))


def thought(number: int, text: str) -> Token:
    return Token(str(number), text, None, thinking=True)


def test_reasoning_is_neither_data_nor_shown_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    telling = Telling(QUESTIONS[:1], as_json=False)
    for event in (thought(0, "hm"), Token("0", "answer 0", None), done(0)):
        telling.hear(event)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("answer 0\n", "")


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_reasoning_that_was_asked_for_goes_to_standard_error(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    telling = Telling(QUESTIONS[:1], as_json=as_json, show_thinking=True)
    telling.hear(thought(0, "hm\x1b[2J"))
    assert capsys.readouterr().err == "hm\\e[2J"
    for event in (thought(0, ", so"), Token("0", "answer 0", None), done(0)):
        telling.hear(event)
    printed = capsys.readouterr()
    assert printed.err == ", so\n"
    assert ", so" not in printed.out


def test_of_several_questions_each_reasons_in_its_turn(capsys: pytest.CaptureFixture[str]) -> None:
    telling = Telling(QUESTIONS[:2], as_json=False, show_thinking=True)
    for event in (thought(1, "second"), thought(0, "first"), Token("1", "answer 1", None), Token("0", "answer 0", None)):
        telling.hear(event)
    assert capsys.readouterr().err == "first\n"
    telling.hear(done(0))
    assert capsys.readouterr().err == "second\n"


def test_a_reasoning_that_leads_nowhere_ends_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    telling = Telling(QUESTIONS[:1], as_json=False, show_thinking=True)
    telling.hear(thought(0, "hm"))
    telling.hear(Failed("0", EmptyAnswer("the model said nothing")))
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "hm\n")
    assert isinstance(telling.failure, EmptyAnswer)
