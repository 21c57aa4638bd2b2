"""Pictures that were let go of are given back to the system.

glibc takes large blocks from the system one by one and gives each back when it is freed, but learns from the first of them that
blocks of that size come and go, and from then on keeps all below 32 MiB in heaps, one for each thread. A photograph in one heap
that is kept holds on to what was freed below it: after five hundred of them that is half as much again as the caches hold.
"""

from __future__ import annotations

_M_MMAP_THRESHOLD = -3
"""mallopt(3), malloc.h."""
_LARGE = 2**20
"""Bytes from which a block is the system's own, always: less than any picture that is worth keeping."""


def give_back_large_blocks() -> bool:
    """Have glibc leave its threshold where it is from now on, which setting it does; False where another library allocates."""
    import ctypes  # which the first paint shall not wait for

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and bool(mallopt(_M_MMAP_THRESHOLD, _LARGE))
