"""Keys of servers: where they are found, and the one class that holds one.

A key is wanted only where the card names an environment variable for it. The variable goes first; without it the system's
keyring is asked for the same name, if the `keyring` package is there. The key itself is never part of a message, a log or
a description: it leaves `Key` in one place, the header of a request.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

from backend.catalog.card import Server
from backend.errors import ModelError
from backend.language import _
from backend.sanitise import one_line

KEYRING_SERVICE = "sightline"


class Key:
    """A secret that does not show itself."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Key(…)"

    def header(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self._value}"

    def removed_from(self, text: str) -> str:
        """What a server said, without the key, which some quote when they refuse it."""
        return text.replace(self._value, "…")


def find_key(model: str, server: Server) -> Key | None:
    """The server's key; None where it wants none. ModelError where it wants one and there is none."""
    if not server.api_key_env:
        return None
    value = (os.environ.get(server.api_key_env) or _from_keyring(server.api_key_env) or "").strip()
    if not value:
        raise ModelError(
            _("{model} wants a key: the environment variable {api_key_env} is not set").format(
                model=one_line(model), api_key_env=server.api_key_env
            ),
            cure=_("export {api_key_env}=…, or {keyring_advice}").format(
                api_key_env=server.api_key_env, keyring_advice=_keyring_advice(server.api_key_env)
            ),
        )
    if not (value.isascii() and value.isprintable()):
        raise ModelError(
            _("the key of {model} (in {api_key_env}) holds characters that no key can have").format(
                model=one_line(model), api_key_env=server.api_key_env
            ),
            cure=_("set {api_key_env} again, to the key alone").format(api_key_env=server.api_key_env),
        )
    return Key(value)


def _from_keyring(name: str) -> str | None:
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        found = keyring.get_password(KEYRING_SERVICE, name)
    except keyring.errors.NoKeyringError:
        return None  # the package without a keyring behind it, as on most servers
    except keyring.errors.KeyringError as error:
        raise ModelError(
            _("the system's keyring cannot be asked for {name}: {error}").format(name=name, error=one_line(str(error), 200)),
            cure=_("unlock it, or export {name}=…").format(name=name),
        ) from error
    return found if isinstance(found, str) else None


def _keyring() -> Any:
    """An extra, imported when it is needed: it starts D-Bus, and most keys are in the environment."""
    try:
        return importlib.import_module("keyring")
    except ImportError:
        return None


def _keyring_advice(name: str) -> str:
    stored = _("keyring set {keyring_service} {name}").format(keyring_service=KEYRING_SERVICE, name=name)
    return stored if _keyring() is not None else _("pip install 'sightline[keyring]', then {stored}").format(stored=stored)
