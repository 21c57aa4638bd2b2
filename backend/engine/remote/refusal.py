"""What a server says instead of an answer, as errors that tell the user what to do."""

from __future__ import annotations

import json

from backend.catalog.card import Server
from backend.errors import EngineFailure, ModelError, SightlineError
from backend.language import N_, _
from backend.sanitise import one_line

CHECK_ENDPOINT = N_("endpoint in the model's table must be the base of an OpenAI-compatible API, usually ending in /v1")


class Unreachable(EngineFailure):
    """No connection, or one that broke off before it brought anything."""

    passing = True
    """Whether asking again may help."""


class Refused(EngineFailure):
    """An answer with another status than 200."""

    def __init__(self, server: Server, status: int, complaint: str, wait_s: float | None = None) -> None:
        said = f": {complaint}" if complaint else ""
        super().__init__(
            _("{url} refused with status {status}{said}").format(url=one_line(server.url), status=status, said=said),
            cure=_cure(server, status, wait_s),
        )
        self.status, self.complaint, self.wait_s = status, complaint, wait_s

    def verdict(self) -> SightlineError:
        """The error to be told: what no second question can mend concerns the model, the rest this answer."""
        if self.status in (401, 403, 404):
            return ModelError(self.message, cure=self.cure)
        return EngineFailure(self.message, cure=self.cure)


def _cure(server: Server, status: int, wait_s: float | None) -> str:
    if status in (401, 403):
        if server.api_key_env:
            return _("check the key in {api_key_env}").format(api_key_env=server.api_key_env)
        return _('say in its table where the key is: api_key_env = "NAME_OF_A_VARIABLE"')
    if status in (404, 405):
        return _("sightline models check asks what the server has; {check_endpoint}").format(check_endpoint=CHECK_ENDPOINT)
    if status == 413:
        return _("ask about fewer or smaller pictures (image_tokens in the model's table)")
    if status == 429:
        return _("ask again later") + (_(": the server asks for {wait_s:.0f} seconds").format(wait_s=wait_s) if wait_s else "")
    if status in (400, 422):
        return _("ask something shorter, or about fewer pictures; the server's own words say what it did not like")
    if 300 <= status < 400:
        return _("name the address that it leads to as the endpoint: a key is not carried to another host")
    return _("ask again; the server's own log says more")


def complaint(body: str) -> str:
    """What an error's body says: `error.message` as OpenAI has it, `message` or `detail` as others do, else its beginning."""
    try:
        said = json.loads(body)
    except ValueError:
        return body.strip()
    for found in (said.get("error"), said) if isinstance(said, dict) else ():
        told = found.get("message") or found.get("detail") if isinstance(found, dict) else found
        if told:
            return told if isinstance(told, str) else json.dumps(told)
    return body.strip()


def unreachable(server: Server, reason: str, *, passing: bool = True) -> Unreachable:
    """No connection came about."""
    untrusted = "CERTIFICATE_VERIFY_FAILED" in reason
    error = Unreachable(
        _("{url} cannot be reached: {reason}").format(
            url=one_line(server.url), reason=reason or _("no connection came about within timeouts.connect")
        ),
        cure=_("have the system trust the certificate's issuer")
        if untrusted
        else _("is the server running? {check_endpoint}").format(check_endpoint=CHECK_ENDPOINT),
    )
    error.passing = passing and not untrusted
    return error


def too_slow(server: Server, seconds: float, key: str) -> EngineFailure:
    """The server keeps the connection and says nothing."""
    return EngineFailure(
        _("{url} said nothing for {seconds:g} s").format(url=one_line(server.url), seconds=seconds),
        cure=_("ask again; timeouts.{key} in the model's table allows more").format(key=key) if key else _("ask again"),
    )
