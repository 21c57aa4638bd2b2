"""One file on the hub, as huggingface_hub reaches it: its size, its hash, and its bytes from any position.

huggingface_hub's own `hf_hub_download` (2.4) starts every process from nothing and may not be interrupted between
chunks, so only its parts are used: metadata, headers with the user's token, and the backoff of its HTTP client. They
honour HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, the time-outs and the proxies. The bytes come over plain HTTP rather than
Xet, which mirrors do not speak; each request begins at the hub, so a signed address that has run out is replaced by a
new one, and httpx drops the token when the hub redirects to another host.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status, http_stream_backoff, httpx

from backend.errors import ModelError
from backend.language import _
from backend.sanitise import one_line


class ConnectionLost(Exception):
    """The hub went away, or answered that it is unwell; asking again may help. `str` says what happened."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of one commit."""

    repo: str
    name: str
    url: str
    size: int
    """Bytes."""
    sha256: str

    def read_from(self, start: int) -> Iterator[bytes]:
        """The file's bytes from `start` on, as they arrive; an empty chunk is a chance to stop, not the end."""
        headers = build_hf_headers(library_name="sightline", headers={"Accept-Encoding": "identity"})
        if start:
            headers["Range"] = f"bytes={start}-"
        try:
            with http_stream_backoff(
                "GET",
                self.url,
                headers=headers,
                timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT,
                max_retries=2,
                retry_on_exceptions=(),
                retry_on_status_codes=429,
            ) as response:
                hf_raise_for_status(response)
                unwanted = 0 if response.status_code == httpx.codes.PARTIAL_CONTENT else start
                for chunk in response.iter_bytes():
                    dropped = min(unwanted, len(chunk))
                    unwanted -= dropped
                    yield chunk[dropped:]
        except HfHubHTTPError as error:
            if error.response.status_code >= 500:
                raise ConnectionLost(
                    _("the hub answered {status_code}").format(status_code=error.response.status_code)
                ) from error
            raise _refused(error, self.repo, self.name) from error
        except httpx.TransportError as error:
            raise ConnectionLost(_said(error)) from error


def look_up(repo: str, name: str, endpoint: str | None = None) -> RemoteFile:
    """Ask the hub about a file; ModelError says why there is no answer."""
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # its warnings would go to the app's terminal
    url = hf_hub_url(repo, name, endpoint=endpoint)
    try:
        found = get_hf_file_metadata(url, timeout=constants.HF_HUB_ETAG_TIMEOUT, library_name="sightline", endpoint=endpoint)
    except OfflineModeIsEnabled as error:
        raise ModelError(
            _("{repo} cannot be reached: HF_HUB_OFFLINE is set").format(repo=repo),
            cure=_("unset it, or use files that are already there: sightline models add NAME --text F --mmproj F"),
        ) from error
    except HfHubHTTPError as error:
        raise _refused(error, repo, name) from error
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise ModelError(
            _("the hub cannot be reached at {value}: {error}").format(
                value=one_line(url.split("/resolve/")[0], 100), error=_said(error)
            ),
            cure=_("check the network; HF_ENDPOINT names a mirror, HTTPS_PROXY a proxy"),
        ) from error
    digest = found.etag or ""
    if found.size is None or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ModelError(
            _("the hub does not say the size and SHA-256 of {name}, so a download could not be verified").format(name=name),
            cure=_("without HF_ENDPOINT the original hub is asked; or download it otherwise and use sightline models add"),
        )
    if found.commit_hash:
        url = hf_hub_url(repo, name, revision=found.commit_hash, endpoint=endpoint)
    return RemoteFile(repo, name, url, found.size, digest)


def _refused(error: HfHubHTTPError, repo: str, name: str) -> ModelError:
    status = error.response.status_code
    token = _("set HF_TOKEN to a token that may read it (or check the one that is set)")
    if isinstance(error, GatedRepoError):
        return ModelError(
            _("{repo} asks for its terms to be accepted first").format(repo=repo),
            cure=_("accept them on its page, then {token}").format(token=token),
        )
    if isinstance(error, EntryNotFoundError) or (status == 404 and not isinstance(error, RepositoryNotFoundError)):
        return ModelError(
            _("{repo} has no file {name}").format(repo=repo, name=name),
            cure=_("sightline models list shows the quantisations that are known"),
        )
    if status in (401, 403):
        return ModelError(
            _("the hub does not let us read {repo} (answer {status})").format(repo=repo, status=status), cure=token
        )
    if isinstance(error, RepositoryNotFoundError):
        return ModelError(
            _("the hub knows no repository {repo}").format(repo=repo),
            cure=_("check its name; if it is private, {token}").format(token=token),
        )
    return ModelError(
        _("the hub answered {status} when asked for {name}").format(status=status, name=name), cure=_("try again later")
    )


def _said(error: Exception) -> str:
    return one_line(str(error), 200) or type(error).__name__
