"""An answer that was begun is gone on with by a server, where it can."""

from __future__ import annotations

from dataclasses import replace

from backend.engine.api import Message, Request, Sampling
from backend.engine.remote.body import chat
from backend.errors import UsageError
from tests.engine.conftest import LOCATE, picture, question
from tests.engine.remote.conftest import Connect, ask, failure
from tests.engine.remote.llama_server import LlamaServer
from tests.engine.remote.unruly import Status, Stream, Unruly, finished, said
from tests.engine.test_going_on import gone_on

A = picture(seed=1)


def test_each_program_is_told_in_its_way() -> None:
    request = replace(gone_on(question(A, "Where?"), "It is"), thinking_tokens=64)
    there, elsewhere = (chat(request, "m", llama_server=one) for one in (True, False))
    for body in (there, elsewhere):
        assert body["messages"][-1] == {"role": "assistant", "content": "It is"}
        assert body["max_tokens"] == request.max_tokens, "nothing is reasoned any more"
        assert not {"thinking_budget_tokens", "thinking_token_budget"} & body.keys()
    assert (elsewhere["continue_final_message"], elsewhere["add_generation_prompt"]) == (True, False)
    assert "continue_final_message" not in there
    assert there["chat_template_kwargs"] == {"enable_thinking": False}


def test_a_server_that_is_not_known_to_go_on_is_not_asked(unruly: Unruly, connect: Connect) -> None:
    unruly.models = Status(200, '{"data": [{"id": "the-model", "owned_by": "somebody"}]}')
    error = failure(ask(connect(unruly.url), gone_on(question("Where?"), "It is")))
    assert isinstance(error, UsageError)
    assert "go on" in error.message
    assert [seen.path for seen in unruly.seen] == ["/v1/models"]


def test_llama_server_goes_on_as_we_do(llama_server: LlamaServer, connect: Connect) -> None:
    engine = connect(llama_server.url)
    request = Request((Message("user", (A, LOCATE)),), Sampling(), 60)
    whole = ask(engine, request)
    begun = "".join(text for text, _ in whole.tokens[: len(whole.tokens) // 2])
    assert begun + ask(engine, gone_on(request, begun)).generated.text == whole.generated.text


def test_what_a_server_repeats_before_it_goes_on_is_told_once(unruly: Unruly, connect: Connect) -> None:
    for first in ([said("It is"), said(" red."), finished()], [said(" red."), finished()]):
        unruly.replies.append(Stream(first))
        assert ask(connect(unruly.url), gone_on(question("Where?"), "It is")).generated.text == " red."
