"""Why a pair of pictures cannot be measured."""

from __future__ import annotations

from backend.errors import UsageError


class PairRefused(UsageError):
    """Two pictures that no depth can be told from as they are given. Exit code 2."""
