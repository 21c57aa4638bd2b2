"""What a server says about itself before it is asked anything: which program it is, which models it has, what they can do.

It matters in three places: the name that the model goes by there, what llama-server can do and others cannot (reading a
picture ahead, progress), and a model without eyes, which would answer about a picture that it has never seen.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from backend.catalog.card import Server
from backend.engine.remote.client import Client, is_this_machine
from backend.engine.remote.keys import find_key
from backend.engine.remote.refusal import Refused
from backend.engine.remote.retry import Retries
from backend.engine.remote.stream import Chunk
from backend.errors import ModelError
from backend.language import _
from backend.sanitise import one_line

_PROGRAMS = {"llamacpp": "llama-server", "vllm": "vLLM", "sglang": "SGLang"}


@dataclass(frozen=True, slots=True)
class Survey:
    """One server, and the model that the card means."""

    url: str
    program: str
    """llama-server, vLLM, SGLang; empty where it does not say."""
    model: str
    models: tuple[str, ...]
    """All that the server lists."""
    context: int | None
    """Tokens of one conversation; None where it does not say."""
    vision: bool | None
    """Whether the model sees pictures; None where it does not say."""
    notes: tuple[str, ...] = ()
    problem: str = ""
    """Why it cannot be used."""

    @property
    def is_llama_server(self) -> bool:
        return self.program == "llama-server"

    def require(self) -> Survey:
        """Itself, if it can be used."""
        if self.problem:
            raise ModelError(f"{one_line(self.url)}: {self.problem}", cure=_("sightline models check says what the server has"))
        return self

    def as_dict(self) -> dict[str, Any]:
        return {
            "ok": not self.problem,
            "endpoint": self.url,
            "server": self.program or None,
            "model": self.model or None,
            "models": list(self.models),
            "context": self.context,
            "vision": self.vision,
            "notes": list(self.notes),
            "problems": [self.problem] if self.problem else [],
        }


async def survey(client: Client, server: Server) -> Survey:
    """Ask for the list of models. A server without one is believed, if the card says what its model is called."""
    try:
        listed = await client.models()
    except Refused as refused:
        if refused.status not in (404, 405, 501):
            raise refused.verdict() from None
        listed = {}
    data = listed.get("data")
    entries = [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []
    names = tuple(name for entry in entries if isinstance(name := entry.get("id"), str))
    model = server.model or next(iter(names), "")
    chosen = next((entry for entry in entries if model in (entry.get("id"), *_aliases(entry))), {})
    owner = next((entry.get("owned_by") for entry in (chosen, *entries) if entry.get("owned_by")), None)
    found = Survey(
        url=server.url,
        program=_PROGRAMS.get(str(owner), ""),
        model=model,
        models=names,
        context=_context(chosen),
        vision=_sees(listed, model) if owner == "llamacpp" else None,
        notes=_notes(server),
    )
    return _with_problem(found, listed=bool(chosen))


def look(model: str, server: Server) -> Survey:
    """Connect, ask, and disconnect: for a report. Raises ModelError or EngineFailure."""

    async def once() -> Survey:
        client = Client(server, find_key(model, server), Retries())
        try:
            return await survey(client, server)
        finally:
            await client.close()

    return asyncio.run(once())


def _with_problem(found: Survey, *, listed: bool) -> Survey:
    if not found.model:
        return replace(
            found,
            problem=_("the server lists no model: endpoint must end in /v1, or remote_model say what the model is called"),
        )
    if found.vision is False:
        return replace(
            found,
            problem=_("its model {model} sees no pictures (llama-server needs --mmproj)").format(
                model=one_line(found.model, 80)
            ),
        )
    if found.models and not listed:
        note = _("the server does not list {model}, but {models}").format(
            model=one_line(found.model, 80), models=one_line(", ".join(found.models), 200)
        )
        return replace(found, notes=(*found.notes, note))
    return found


def _notes(server: Server) -> tuple[str, ...]:
    if server.api_key_env and server.url.startswith("http:") and not is_this_machine(server.url):
        return (_("the key travels unencrypted: the endpoint is http, not https"),)
    return ()


def _aliases(entry: Chunk) -> tuple[str, ...]:
    aliases = entry.get("aliases")
    return tuple(alias for alias in aliases if isinstance(alias, str)) if isinstance(aliases, list) else ()


def _context(entry: Chunk) -> int | None:
    """llama-server says `meta.n_ctx`, vLLM and SGLang `max_model_len`."""
    meta = entry.get("meta")
    for value in (meta.get("n_ctx") if isinstance(meta, dict) else None, entry.get("max_model_len")):
        if isinstance(value, int) and value > 0:
            return value
    return None


def _sees(listed: Chunk, model: str) -> bool | None:
    """llama-server tells capabilities in a second list, that of Ollama's API."""
    models = listed.get("models")
    for entry in models if isinstance(models, list) else ():
        if isinstance(entry, dict) and entry.get("model") == model and isinstance(entry.get("capabilities"), list):
            return "multimodal" in entry["capabilities"]
    return None
