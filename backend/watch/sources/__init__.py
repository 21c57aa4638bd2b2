"""Where pictures come from: a folder, a film, a camera, a stream."""

from backend.watch.sources.kinds import Source, open_source

__all__ = ["Source", "open_source"]
