"""A small picture as lines of text: two pixels in each character, an upper half block in the colour of the upper one."""

from __future__ import annotations

from PIL import Image

from backend.terminal import Terminal

MOST_COLUMNS, MOST_ROWS = 48, 16


def drawn(image: Image.Image, terminal: Terminal) -> list[str]:
    """The picture within the terminal's width and MOST_COLUMNS × MOST_ROWS characters; nothing where it cannot be shown.

    Colours are written as SGR 38/48 (ISO 8613-6): 24 bits, or the 6×6×6 cube of 256 colours.
    """
    if not terminal.unicode or terminal.depth not in ("true colour", "256 colours"):
        return []
    columns = max(1, min(MOST_COLUMNS, terminal.columns))
    scale = min(columns / image.width, 2 * MOST_ROWS / image.height)
    width, height = max(1, round(image.width * scale)), max(2, round(image.height * scale / 2) * 2)
    small = image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    pixels = small.tobytes()
    full = terminal.depth == "true colour"

    def colour(x: int, y: int) -> str:
        red, green, blue = pixels[3 * (y * width + x) : 3 * (y * width + x) + 3]
        if full:
            return f"2;{red};{green};{blue}"
        return f"5;{16 + 36 * round(red / 51) + 6 * round(green / 51) + round(blue / 51)}"

    return [
        "".join(f"\x1b[38;{colour(x, y)};48;{colour(x, y + 1)}m▀" for x in range(width)) + "\x1b[0m"
        for y in range(0, height, 2)
    ]
