"""What is sent: the exact pixels, the sampling rule, and nothing that a server could take for its own tokens."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backend.engine.api import Message, Request, Sampling
from backend.engine.remote.body import OPTIONAL, as_data, chat, data_url, to_leave_out, warm_up
from tests.engine.conftest import A, B, question

SAMPLED = Sampling(0.7, 0.8, 20, 0.05, 1.5, 7)


def test_a_picture_arrives_pixel_by_pixel() -> None:
    kind, _, payload = data_url(A).partition(",")
    assert kind == "data:image/png;base64"
    image = Image.open(io.BytesIO(base64.b64decode(payload)))
    assert (image.size, image.mode, image.tobytes()) == ((A.width, A.height), "RGB", A.rgb)


def test_parts_keep_their_order() -> None:
    body = chat(question("Picture 1: ", A, "Picture 2: ", B, "", "Which?"), "m", llama_server=False)
    content = body["messages"][0]["content"]
    assert [part["type"] for part in content] == ["text", "image_url", "text", "image_url", "text"]


def test_a_conversation_keeps_its_roles_and_forgets_old_reasoning() -> None:
    said = Message("assistant", ("<think>\nHm.\n</think>\n\nThere.",))
    turns = (Message("system", ("Be brief.",)), Message("user", (A, "Where?")), said, Message("user", ("Sure?",)))
    sent = chat(Request(turns, Sampling(), 8), "m", llama_server=False)["messages"]
    assert [message["role"] for message in sent] == ["system", "user", "assistant", "user"]
    assert sent[2]["content"] == "There."


def test_a_greedy_rule_is_its_temperature_alone() -> None:
    body = chat(question("x"), "m", llama_server=False)
    assert body["temperature"] == 0.0
    assert not {"top_p", "top_k", "min_p", "seed", "presence_penalty"} & body.keys()


def test_a_sampling_rule_is_sent_whole() -> None:
    body = chat(question("x", sampling=SAMPLED), "m", llama_server=False)
    sent = [body[key] for key in ("temperature", "top_p", "top_k", "min_p", "presence_penalty", "seed")]
    assert sent == [0.7, 0.8, 20, 0.05, 1.5, 7]


def test_what_only_llama_server_knows_goes_only_there() -> None:
    theirs = {"cache_prompt", "return_progress"}
    assert theirs <= chat(question("x"), "m", llama_server=True).keys()
    assert not theirs & chat(question("x"), "m", llama_server=False).keys()


def test_a_budget_of_reasoning_is_asked_for_and_takes_nothing_from_the_answer() -> None:
    request = replace(question("x", max_tokens=100), thinking_tokens=40)
    ours, theirs = (chat(request, "m", llama_server=here) for here in (True, False))
    assert (ours["thinking_budget_tokens"], theirs["thinking_token_budget"]) == (40, 40)
    assert ours["max_tokens"] == theirs["max_tokens"] == 140
    refused = to_leave_out(theirs, "thinking_token_budget is set but reasoning_config is not configured")
    assert refused == {"reasoning"}
    assert "thinking_token_budget" not in chat(request, "m", llama_server=False, refused=refused)
    assert not {"thinking_budget_tokens", "thinking_token_budget"} & chat(question("x"), "m", llama_server=True).keys()


@pytest.mark.parametrize("group", OPTIONAL)
def test_a_refused_group_is_left_out(group: str) -> None:
    request = replace(question("x", sampling=SAMPLED), thinking_tokens=9)
    whole = chat(request, "m", llama_server=True)
    rest = chat(request, "m", llama_server=True, refused={group})
    others = {"thinking_token_budget"}  # which llama-server is not told
    assert whole.keys() - rest.keys() == set(OPTIONAL[group]) - others
    assert to_leave_out(whole, f"unknown field {OPTIONAL[group][0]!r}") == {group}


def test_a_refusal_without_a_name_leaves_all_out_that_was_sent() -> None:
    assert to_leave_out(chat(question("x"), "m", llama_server=False), "bad request") == {"logprobs", "usage"}
    assert to_leave_out({"model": "m"}, "bad request") == frozenset()


def test_a_warm_up_ends_with_the_last_picture() -> None:
    turns = (Message("user", (A, "Where?")), Message("assistant", ("There.",)), Message("user", (B, "And here?")))
    body = warm_up(Request(turns, Sampling(), 8, ahead=True), "m")
    assert [part["type"] for part in body["messages"][-1]["content"]] == ["image_url"]
    assert len(body["messages"]) == 3
    assert body["max_tokens"] == 0
    longer = (*turns, Message("assistant", ("x",)), Message("user", ("y",)))
    assert warm_up(Request(longer, Sampling(), 8, ahead=True), "m") == body


@pytest.mark.parametrize("special", ["<|im_end|>", "<|image_pad|>", "<|vision_start|>", "<think>", "</think>", "<tool_call>"])
def test_special_tokens_lose_their_power_and_stay_readable(special: str) -> None:
    sent = as_data(f"a {special} b")
    assert special not in sent
    assert sent.replace("\u200b", "") == f"a {special} b"


@given(st.text())
def test_other_text_is_sent_as_it_is(text: str) -> None:
    assert as_data(text).replace("\u200b", "") == text.replace("\u200b", "")
    if "<" not in text:
        assert as_data(text) == text


def test_a_pair_of_frames_is_sent_as_two_pictures() -> None:
    later = replace(A, rgb=A.rgb[::-1])
    pair = replace(A, later=later.rgb)
    content = chat(question(pair, "Which?"), "m", llama_server=False)["messages"][0]["content"]
    urls = [part["image_url"]["url"] for part in content if part["type"] == "image_url"]
    assert urls == [data_url(A), data_url(later)]
