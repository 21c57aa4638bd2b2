"""Things followed over time: boxes found frame by frame become tracks, and what tracks do becomes events.

    boxes of one frame → Tracker.update → Step → EventFinder.update → Events          (while it happens)
                         Tracker.finish → Tracks                                      (when it is over)

Both work online: nothing waits for the end of a film, and nothing grows with its length when a limit is set (`keep`).
Places are pixels of the upright original, times are seconds from the start, and speeds are picture widths per second: how
far away a thing is, and so how many metres it moves, nobody knows here.
"""

from backend.spatial.tracks.events import Event, EventKind
from backend.spatial.tracks.finding_events import EventFinder
from backend.spatial.tracks.places import Line, Zone
from backend.spatial.tracks.rules import EventRules, Rules
from backend.spatial.tracks.track import Observation, Sighting, Step, Track
from backend.spatial.tracks.tracker import Tracker

__all__ = [
    "Event",
    "EventFinder",
    "EventKind",
    "EventRules",
    "Line",
    "Observation",
    "Rules",
    "Sighting",
    "Step",
    "Track",
    "Tracker",
    "Zone",
]
