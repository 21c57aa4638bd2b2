"""HTTP to one server: its models, and streams of chunks, with time-outs, retries, and errors that say what to do.

Asking again is only ever done while nothing of an answer has arrived. Certificates are verified against the system's
store and redirects are not followed: the key goes to the host that the card names and to no other.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from urllib.parse import urlsplit

import httpx2

from backend.catalog.card import Server
from backend.engine.remote import refusal
from backend.engine.remote.keys import Key
from backend.engine.remote.refusal import Refused, Unreachable
from backend.engine.remote.retry import BUSY, LONGEST_WAIT_S, Retries, retry_after
from backend.engine.remote.stream import Chunk
from backend.errors import EngineFailure, SightlineError
from backend.language import _
from backend.sanitise import one_line

Chunks = AsyncGenerator[Chunk, None]

_COMPLAINT_BYTES = 16_384
"""How much of an error's body is read."""
_LIST_S = 30.0
"""How long a list of models may take: nothing is computed for it."""
_TAIL_S = 1.0
"""How long a server that has said all may take to end the stream."""
_ALIVE_S = 30.0
"""How long an idle connection is kept for the next question."""


class _Bearer(httpx2.Auth):
    """Puts the key into the header as the request leaves, so that no object that could be printed or logged holds it."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        request.headers["Authorization"] = self._key.header()
        yield request


class Client:
    """One server, from within one event loop."""

    def __init__(self, server: Server, key: Key | None, retries: Retries) -> None:
        self._server, self._key, self._retries = server, key, retries
        patience = server.patience
        self._http = httpx2.AsyncClient(
            auth=_Bearer(key) if key else None,
            timeout=httpx2.Timeout(None, connect=patience.connect, write=patience.first_token),
            limits=httpx2.Limits(max_connections=None, keepalive_expiry=_ALIVE_S),
            mounts={"http://": None, "https://": None} if is_this_machine(server.url) else None,  # past any proxy
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def models(self) -> Chunk:
        """What GET /models says; Refused where the server has no such path."""
        async with contextlib.aclosing(self._with_retries(self._models)) as answers:
            return await anext(answers)

    async def answer(self, body: Chunk) -> Chunks:
        """The chunks of one completion. Close the iterator (`contextlib.aclosing`), and the connection is closed with it."""
        async with contextlib.aclosing(self._with_retries(lambda: self._completion(body))) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _with_retries(self, exchange: Callable[[], Chunks]) -> Chunks:
        attempt, begun = 0, False
        while True:
            try:
                async with contextlib.aclosing(exchange()) as chunks:
                    async for chunk in chunks:
                        begun = True
                        yield chunk
                return
            except (Unreachable, Refused) as trouble:
                attempt += 1
                pause = None if begun else self._pause(trouble, attempt)
                if pause is None:
                    raise
            await asyncio.sleep(pause)

    def _pause(self, trouble: Unreachable | Refused, attempt: int) -> float | None:
        """Seconds until the next attempt; None where there is none."""
        if isinstance(trouble, Unreachable):
            return self._retries.pause(attempt) if trouble.passing and attempt <= self._retries.unreachable else None
        if trouble.status not in BUSY or attempt > self._retries.busy or (trouble.wait_s or 0.0) > LONGEST_WAIT_S:
            return None
        pause = self._retries.pause(attempt)
        return pause if trouble.wait_s is None else max(trouble.wait_s, pause)

    async def _models(self) -> Chunks:
        with self._failures():
            async with self._within(_LIST_S, ""):
                response = await self._http.get(f"{self._server.url}/models")
            if response.status_code != 200:
                raise self._refused(response, response.text)
            yield self._read(response.text)

    async def _completion(self, body: Chunk) -> Chunks:
        patience = self._server.patience
        request = self._http.build_request("POST", f"{self._server.url}/chat/completions", json=body)
        with self._failures():
            async with self._within(patience.first_token, "first_token"):
                response = await self._http.send(request, stream=True)
            try:
                if response.status_code != 200:
                    async with self._within(patience.between_tokens, "between_tokens"):
                        raise self._refused(response, await _beginning(response))
                events = aiter(httpx2.EventSource(response))
                seconds, key = patience.first_token, "first_token"
                while True:
                    async with self._within(seconds, key):
                        event = await anext(events, None)
                    if event is None:
                        return
                    if event.data == "[DONE]":
                        await _tail(events)
                        return
                    if not event.data:
                        continue
                    chunk = self._read(event.data)
                    if "error" in chunk:
                        raise EngineFailure(
                            _("the server failed while answering: {data}").format(data=self._clean(event.data)),
                            cure=_("ask again"),
                        )
                    yield chunk
                    seconds, key = patience.between_tokens, "between_tokens"
            finally:
                await response.aclose()

    @contextlib.asynccontextmanager
    async def _within(self, seconds: float, key: str) -> AsyncIterator[None]:
        """A span of silence at most; `key` names it among the card's time-outs, if it is one of them."""
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError as error:
            raise refusal.too_slow(self._server, seconds, key) from error

    @contextlib.contextmanager
    def _failures(self) -> Generator[None]:
        """What goes wrong below HTTP, as our errors. The cause is cut off: it holds the request, and that the key."""
        try:
            yield
        except httpx2.SSEError:
            raise EngineFailure(
                _("{url} does not answer with a stream of events").format(url=one_line(self._server.url)),
                cure=refusal.CHECK_ENDPOINT,
            ) from None
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise refusal.unreachable(self._server, self._clean(str(error))) from None
        except httpx2.RequestError as error:
            raise Unreachable(
                _("the connection to {url} broke off ({reason})").format(
                    url=one_line(self._server.url), reason=self._clean(str(error)) or _("no reason given")
                ),
                cure=_("ask again"),
            ) from None
        except httpx2.InvalidURL:
            raise refusal.unreachable(self._server, _("this is no address"), passing=False) from None

    def _read(self, text: str) -> Chunk:
        try:
            chunk = json.loads(text)
        except ValueError:
            chunk = None
        if not isinstance(chunk, dict):
            raise EngineFailure(
                _("{url} sent something that is no part of an answer: {value}").format(
                    url=one_line(self._server.url), value=self._clean(text)[:80]
                ),
                cure=_("ask again; {check_endpoint}").format(check_endpoint=refusal.CHECK_ENDPOINT),
            )
        return chunk

    def _refused(self, response: httpx2.Response, body: str) -> SightlineError:
        wait = retry_after(response.headers.get("Retry-After"))
        return Refused(self._server, response.status_code, self._clean(refusal.complaint(body)), wait)

    def _clean(self, text: str) -> str:
        """Text of the server for a message: on one line, short, and never with the key."""
        return one_line(self._key.removed_from(text) if self._key else text, 300)


async def _tail(events: AsyncIterator[httpx2.ServerSentEvent]) -> None:
    """Read the stream to its very end, which a connection must have come to before it can carry the next question."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_TAIL_S):
            await anext(events, None)


async def _beginning(response: httpx2.Response) -> str:
    text = ""
    async for piece in response.aiter_text():
        text += piece
        if len(text) > _COMPLAINT_BYTES:
            break
    return text


def is_this_machine(url: str) -> bool:
    """Whether an address leads no further than this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
