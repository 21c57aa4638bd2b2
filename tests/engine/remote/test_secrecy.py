"""The key reaches the server that it is for, over a connection that can be trusted, and is to be seen nowhere else."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from backend.errors import ModelError
from backend.events import Failed
from tests.engine.conftest import question
from tests.engine.remote.conftest import Connect, ask, failure
from tests.engine.remote.unruly import HELLO, Status, Stream, Unruly, running_unruly, said

KEY = "sk-verysecret-0123456789"
SELF_SIGNED = Path(__file__).with_name("self_signed.pem")
"""A key and a certificate for localhost, made for these tests; good for nothing else."""


def test_the_key_is_sent_and_nowhere_else_to_be_seen(
    unruly: Unruly, connect: Connect, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Even where the server repeats it in its refusal, and everything is logged."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("THE_KEY", f"  {KEY}\n")
    engine = connect(unruly.url, api_key_env="THE_KEY")
    unruly.replies += [
        HELLO,
        Status(401, json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}"}})),
        Status(500, f"{KEY} crashed it"),
        Stream([said("Hi"), {"error": {"message": KEY}}]),
        Stream([said("Hi"), f"data: {KEY}\n\n"]),
        Stream([KEY], content_type="text/plain"),
    ]
    events = [event for _ in range(6) for event in ask(engine, question("Say hello")).events]
    assert {seen.authorization for seen in unruly.seen} == {f"Bearer {KEY}"}
    failed = [event.error for event in events if isinstance(event, Failed)]
    assert len(failed) == 5
    shown = [*map(repr, events), *map(str, failed), *(error.cure for error in failed), caplog.text]
    shown += [repr(engine), repr(vars(engine)), repr(engine.describe()), *(repr(vars(record)) for record in caplog.records)]
    for error in failed:
        shown += [repr(error.__cause__), repr(error.__context__), repr(vars(error))]
    assert not [text for text in shown if KEY in text]
    assert isinstance(failed[0], ModelError)
    assert failed[0].exit_code == 4
    assert "THE_KEY" in failed[0].cure


def test_without_a_key_a_refusal_says_where_one_is_named(unruly: Unruly, connect: Connect) -> None:
    unruly.models = Status(401, '{"error": "no key"}')
    error = failure(ask(connect(unruly.url), question("Say hello")))
    assert "api_key_env" in error.cure
    assert unruly.seen[0].authorization is None


def test_a_redirect_is_not_followed(unruly: Unruly, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", KEY)
    unruly.replies.append(Status(307, headers={"Location": f"{unruly.url}/elsewhere"}))
    assert "307" in failure(ask(connect(unruly.url, api_key_env="THE_KEY"), question("Say hello"))).message
    assert len(unruly.asked) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", KEY)
    with running_unruly(SELF_SIGNED) as impostor:
        error = failure(ask(connect(impostor.url, api_key_env="THE_KEY"), question("Say hello")))
        assert "CERTIFICATE_VERIFY_FAILED" in error.message
        assert "trust" in error.cure
        assert impostor.seen == []


def test_a_certificate_that_the_system_trusts_is_accepted(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(SELF_SIGNED))
    monkeypatch.setenv("THE_KEY", KEY)
    with running_unruly(SELF_SIGNED) as trusted:
        assert ask(connect(trusted.url, api_key_env="THE_KEY"), question("Say hello")).generated.text == "Hello"
        assert trusted.asked[0].authorization == f"Bearer {KEY}"


def test_a_proxy_is_not_asked_about_this_machine(unruly: Unruly, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    assert ask(connect(unruly.url), question("Say hello")).generated.text == "Hello"
