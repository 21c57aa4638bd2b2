"""Where a key comes from, and what is said where there is none."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from backend.catalog.card import Server
from backend.engine.remote.keys import Key, find_key
from backend.errors import ModelError

SERVER = Server("https://example.org/v1", api_key_env="THE_KEY")


class _KeyringError(Exception):
    pass


class _NoKeyringError(_KeyringError):
    pass


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THE_KEY", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)


def install_keyring(monkeypatch: pytest.MonkeyPatch, answer: str | Exception | None) -> None:
    def get_password(service: str, name: str) -> str | None:
        assert (service, name) == ("sightline", "THE_KEY")
        if isinstance(answer, Exception):
            raise answer
        return answer

    module = ModuleType("keyring")
    errors = SimpleNamespace(KeyringError=_KeyringError, NoKeyringError=_NoKeyringError)
    vars(module).update(get_password=get_password, errors=errors)
    monkeypatch.setitem(sys.modules, "keyring", module)


def test_a_server_that_wants_no_key_is_given_none(monkeypatch: pytest.MonkeyPatch) -> None:
    install_keyring(monkeypatch, AssertionError("nobody asked for a key"))
    assert find_key("mine", Server("http://localhost/v1")) is None


def test_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    install_keyring(monkeypatch, AssertionError("the environment has it"))
    monkeypatch.setenv("THE_KEY", " from-environment\n")
    key = find_key("mine", SERVER)
    assert key is not None
    assert key.header() == "Bearer from-environment"


def test_then_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    install_keyring(monkeypatch, "from-keyring")
    key = find_key("mine", SERVER)
    assert key is not None
    assert key.header() == "Bearer from-keyring"


@pytest.mark.parametrize("answer", [None, _NoKeyringError("none here")])
def test_a_keyring_without_the_key_says_how_to_put_it_there(answer: Exception | None, monkeypatch: pytest.MonkeyPatch) -> None:
    install_keyring(monkeypatch, answer)
    with pytest.raises(ModelError, match="mine wants a key: the environment variable THE_KEY is not set") as caught:
        find_key("mine", SERVER)
    assert caught.value.cure == "export THE_KEY=…, or keyring set sightline THE_KEY"


def test_a_missing_keyring_says_how_to_get_it() -> None:
    with pytest.raises(ModelError) as caught:
        find_key("mine", SERVER)
    assert "pip install 'sightline[keyring]'" in caught.value.cure


def test_a_locked_keyring_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    install_keyring(monkeypatch, _KeyringError("locked"))
    with pytest.raises(ModelError, match="cannot be asked for THE_KEY: locked"):
        find_key("mine", SERVER)


@pytest.mark.parametrize("value", ["two\nlines", "schlüssel", "\x1b[31m"])
def test_what_cannot_be_a_key_is_refused_without_showing_it(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", value)
    with pytest.raises(ModelError, match="characters that no key can have") as caught:
        find_key("mine", SERVER)
    assert value not in str(caught.value) + caught.value.cure


def test_a_key_does_not_show_itself() -> None:
    key = Key("secret")
    assert "secret" not in f"{key!r} {key}"
    assert key.removed_from("you sent secret!") == "you sent …!"
