"""An answer that was begun is gone on with: the two parts are the words that it would have been in one."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pytest

from backend.ask.book import book
from backend.ask.forms import form_of
from backend.engine.api import Message, Request
from backend.engine.form import Literal, Series
from backend.engine.llama.chat import Answered, Control, Text, framed
from backend.engine.llama.constrained import Constraint
from backend.events import EngineEvent, Token
from backend.scene import Units
from tests.engine.conftest import LOCATE, Loaded, picture, question, told, work_off
from tests.engine.test_constrained import vocabulary

A = picture(seed=1)


def gone_on(request: Request, begun: str) -> Request:
    """The request with the beginning of its answer."""
    return Request((*request.messages, Message("assistant", (begun,))), request.sampling, request.max_tokens, form=request.form)


def test_the_turn_of_an_answer_that_was_begun_is_left_open() -> None:
    begun = (Message("user", ("Where?",)), Message("assistant", ("It is",)))
    assert framed(begun, thinking=False)[-2:] == (Text("assistant\n"), Answered("It is"))
    thought = (Control.THINK, Text("\n\n"), Control.THINK_END, Text("\n\n"), Answered("It is"))
    assert framed(begun, thinking=True)[-5:] == thought, "its reasoning is over"


@pytest.mark.parametrize("formed", [False, True])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_both_parts_are_the_answer_in_one(loaded: Loaded, share: float, formed: bool) -> None:
    form = form_of(book().task("boxes"), LOCATE, Units.REL1000, pictures=1) if formed else None
    request = replace(question(A, LOCATE, max_tokens=60), form=form)
    whole = told(loaded.scheduler(), request)
    begun = "".join(text for text, _ in whole.tokens[: round(len(whole.tokens) * share)])
    rest = told(loaded.scheduler(), gone_on(request, begun)).generated
    assert rest.text
    assert begun + rest.text == whole.generated.text


def test_the_picture_is_not_read_again(loaded: Loaded) -> None:
    scheduler = loaded.scheduler()
    request = question(A, LOCATE, max_tokens=12)
    first = told(scheduler, request).generated
    assert first.reason == "length"
    rest = told(scheduler, gone_on(request, first.text)).generated
    assert rest.timings.reused_tokens > 40
    assert rest.text


def test_a_form_goes_on_where_the_answer_stands_and_is_let_go_where_it_was_left() -> None:
    form = Series((Literal("[]"), Literal(".")))
    constraint = Constraint.behind("[", form, vocabulary())
    assert constraint is not None
    assert constraint.allows(ord("]"))
    assert not constraint.allows(ord("["))
    assert Constraint.behind("no", form, vocabulary()) is None


def test_an_answer_that_was_stopped_is_known_token_by_token(loaded: Loaded) -> None:
    scheduler = loaded.scheduler()
    request = question(A, LOCATE, max_tokens=60)
    said: list[str] = []

    def hear(event: EngineEvent) -> None:
        if isinstance(event, Token):
            said.append(event.text)
            if len(said) == 9:
                scheduler.cancel(request.id)

    scheduler.submit(request, hear)
    work_off(scheduler)
    begun = "".join(said)
    with patch.object(loaded.model, "tokens", wraps=loaded.model.tokens) as tokenised:
        rest = told(scheduler, gone_on(request, begun)).generated
    assert begun not in [call.args[0] for call in tokenised.call_args_list]
    assert begun + rest.text == told(loaded.scheduler(), request).generated.text
