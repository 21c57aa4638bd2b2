"""Screens one after the other as one SVG that moves by itself: pictures inside it, and CSS that shows each in its turn.

No script and nothing from elsewhere, so that it also moves where a README is shown. Whoever asks for less motion sees the last.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

from PIL import Image

COLOURS = 128
"""Of a frame's palette: a screen has few, and a photograph in half-blocks looks the same."""


def animated(frames: Sequence[tuple[bytes, float]]) -> str:
    """PNGs of one size, each with the seconds for which it is shown."""
    images = [_small(png) for png, _seconds in frames]
    width, height = Image.open(io.BytesIO(images[0])).size
    whole = sum(seconds for _png, seconds in frames)
    rules, shown, at = [], [], 0.0
    for number, ((_png, seconds), image) in enumerate(zip(frames, images, strict=True)):
        begin, end = 100 * at / whole, 100 * (at + seconds) / whole
        hidden = f"0%{{opacity:0}}{begin:.3f}%{{opacity:0}}" if number else ""
        rules.append(f"@keyframes f{number}{{{hidden}{begin:.3f}%{{opacity:1}}{end:.3f}%{{opacity:0}}100%{{opacity:0}}}}")
        rules.append(f"#f{number}{{animation:f{number} {whole:g}s step-end infinite}}")
        data = base64.b64encode(image).decode()
        shown.append(f'<image id="f{number}" width="{width}" height="{height}" href="data:image/png;base64,{data}"/>')
        at += seconds
    still = "@media (prefers-reduced-motion:reduce){image{animation:none!important}}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<style>{''.join(rules)}{still}</style>{''.join(shown)}</svg>\n"
    )


def _small(png: bytes) -> bytes:
    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
