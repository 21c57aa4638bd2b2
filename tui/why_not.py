"""Why something cannot be done now, for the palette, which lists that greyed: the sentences beside `tui.available`."""

from __future__ import annotations

from collections.abc import Sequence

from backend.language import _
from tui.conversation import Exchange

_OF_A_PICTURE = ("ask_preset", "read_text", "new_conversation", "switch_depth", "turn_by", "open_outside", "map_place")


def why_not(
    action: str,
    exchanges: Sequence[Exchange],
    *,
    running: bool,
    picture: bool,
    film: bool,
    pair: bool,
    studying: bool,
) -> str:
    """What is missing for an action of which `available` says that it cannot be done now (with the same arguments)."""
    match action:
        case "stop":
            return _("nothing is running")
        case "ask_preset" | "read_text" | "new_conversation" | "switch_depth" | "turn_by" | "open_outside" | "map_place" if (
            not picture
        ):
            return _("no picture is shown")
        case "ask_preset" | "read_text" if running:
            return _("an answer is being made; Esc stops it")
        case "read_text" | "map_place" if film:
            return _("not for films")
        case "follow" | "frames" | "film_step" | "frame_step" | "film_edge" | "part_begins" | "part_ends" if not film:
            return _("only for films")
        case "stereo" | "compare" if not pair:
            return _("mark two pictures first, with Space in the list of files")
        case "follow" | "map_place" | "stereo" | "compare" if studying:
            return _("something is being found out already; Esc stops it")
        case "picture_by":
            return _("no pictures are marked")
        case "new_conversation":
            return _("nothing was asked about this picture yet")
        case "show_thoughts":
            return _("no answer here was reasoned about first")
        case "next_moment":
            return _("no answer here names moments of the film")
        case "switch_view":
            return _("no answer here has 3D boxes")
        case "show_evidence" if exchanges:
            return _("the answers here hold nothing back")
        case "save_overlay" if exchanges:
            return _("the last answer found nothing")
        case "save_overlay" | "show_evidence":
            return _("no answer yet")
    return _("not now")
