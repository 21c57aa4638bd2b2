"""What can be done now with the picture that is shown: the rest is greyed out, or hidden where it would be about nothing."""

from __future__ import annotations

from collections.abc import Sequence

from tui import evidence
from tui.conversation import Exchange
from tui.preview.from_above import has_solids


def available(
    action: str,
    exchanges: Sequence[Exchange],
    *,
    running: bool,
    picture: bool,
    choosing: bool,
    film: bool = False,
    several: bool = False,
    pair: bool = False,
    studying: bool = False,
    tab: bool = False,
) -> bool | None:
    """True: yes; None: greyed out; False: hidden. As `check_action` of Textual's.

    `exchanges`: what was asked about the picture; `running`: something is being answered; `picture`: there is one;
    `choosing`: the file list has the focus, so that there is nothing to go back to; `film`: the picture is a film's frame;
    `several`: pictures are marked; `pair`: two of them; `studying`: something is being found out about pictures;
    `tab`: something else than the picture itself is shown of it.
    """
    latest = exchanges[-1] if exchanges else None
    match action:
        case "stop":
            return True if running or studying or not choosing else None
        case "ask_preset":
            return True if picture and not running else None
        case "read_text":
            return True if picture and not running and not film else None
        case "save_overlay":
            return True if tab or (latest is not None and latest.findings) else None
        case "switch_depth" | "turn" | "turn_by" | "open_outside":
            return True if picture else None
        case "switch_view":  # in the footer only where there is something to see
            return latest is not None and has_solids(tuple(latest.findings))
        case "follow":
            return (None if studying else True) if film else False
        case "map_place":
            return (None if studying or film else True) if picture else False
        case "stereo" | "compare":
            return (None if studying else True) if pair else False
        case "picture_by":
            return several
        case "film_step" | "frame_step" | "film_edge" | "part_begins" | "part_ends" | "frames":
            return film
        case "next_moment":
            return latest is not None and latest.answer is not None and bool(latest.answer.moments)
        case "new_conversation":
            return True if latest is not None else None
        case "show_thoughts":
            return any(exchange.thoughts for exchange in exchanges)
        case "show_evidence":
            return any(one.answer is not None and evidence.hides_something(one.answer) for one in exchanges)
    return True
