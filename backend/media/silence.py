"""Keeps libtiff from writing to the terminal.

libtiff prints its complaints about damaged files on standard error, across whatever a full-screen app has drawn there,
and Pillow has no switch for it. libtiff's own one is reached in the copy that Pillow loaded; where there is none,
or it is linked in statically, nothing happens. Can go when Pillow sets libtiff's handlers.
"""

from __future__ import annotations

import ctypes
import re
from pathlib import Path


def hush_libtiff() -> None:
    """Replace libtiff's two message handlers by none. Call after Pillow's core is loaded."""
    maps = Path("/proc/self/maps")
    loaded = re.search(r"(/.*/libtiff[^/\n]*\.so[^/\n]*)$", maps.read_text(), re.M) if maps.exists() else None
    if loaded is None:
        return
    library = ctypes.CDLL(loaded[1])
    for setter in (library.TIFFSetErrorHandler, library.TIFFSetWarningHandler):
        setter.restype = ctypes.c_void_p
        setter(ctypes.c_void_p(None))
