"""The loop: a source of pictures that goes on, answered frame by frame, for programs that act on what is seen.

    source ──► grabber ──► mailbox ──► watcher ──► records ──► outbox ──► whoever reads
    (a thread of its own)  (one place)  (asks, follows)        (a thread of its own)

Between each two stands something that gives way rather than lags. The mailbox holds the newest frame alone; the outbox
leaves out frames that nobody reads in time; and where events, which are never left out, are not read either, the watcher
waits, so that it is again the mailbox that drops.
"""

from backend.watch.errors import SourceLost, UnusableSource
from backend.watch.flips import Flip
from backend.watch.following import Watched
from backend.watch.records import Ended, Happened, Looked, Reconnecting, Record, Started
from backend.watch.sources import open_source
from backend.watch.watching import Limits, Watching

__all__ = [
    "Ended",
    "Flip",
    "Happened",
    "Limits",
    "Looked",
    "Reconnecting",
    "Record",
    "SourceLost",
    "Started",
    "UnusableSource",
    "Watched",
    "Watching",
    "open_source",
]
