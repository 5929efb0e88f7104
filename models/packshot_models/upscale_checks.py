"""What an upscaling net must not do: shift flat colours, spoil borders, depend on tiles."""
from __future__ import annotations

import itertools

import numpy as np

from .upscalers import Ours, Upscaler, as_bytes, luma


def flats() -> np.ndarray:
    """25 grays and 343 colours of 0..255."""
    grays = [(v, v, v) for v in [*range(0, 250, 11), 250, 255]]
    return np.array(grays + list(itertools.product(range(0, 256, 42), repeat=3)), np.uint8)


def flat_shift(net: Ours) -> dict[str, float]:
    """Largest shift of flat colours in 8-bit steps: of white, of grays, of any; and the largest spread between the channels of a gray."""
    shifts, spreads, white = [], [], 0.0
    for colour in flats():
        y = net.raw(np.broadcast_to(colour, (4, 4, 3))) - colour.astype(np.float32)
        shifts.append(float(np.abs(y).max()))
        if np.ptp(colour) == 0:
            spreads.append(float(np.ptp(y, axis=-1).max()))
        if colour.min() == 255:
            white = shifts[-1]
    return {"white": white, "gray": max(shifts[:len(spreads)]), "any": max(shifts), "tint": max(spreads)}


def border_psnr(way: Upscaler, pairs: list[tuple[np.ndarray, np.ndarray]], scale: int, ring: int = 4) -> float:
    """Mean PSNR of the brightness in the outermost `ring` pixels of the input."""
    out, r = [], ring * scale
    for small, true in pairs:
        d = (luma(way(small)) - luma(true)) ** 2
        out.append(10 * np.log10(255 ** 2 / np.concatenate([d[:r].ravel(), d[-r:].ravel(), d[r:-r, :r].ravel(), d[r:-r, -r:].ravel()]).mean()))
    return float(np.mean(out))


def tile_error(net: Ours, rgb: np.ndarray, tile: int = 37) -> float:
    """Largest difference, in 8-bit steps, between tiles with a halo and the whole."""
    h, s = net.halo, net.scale
    whole, worst = net.raw(rgb), 0.0
    for y in range(h, rgb.shape[0] - h - tile, tile):
        for x in range(h, rgb.shape[1] - h - tile, tile):
            part = net.raw(rgb[y - h:y + tile + h, x - h:x + tile + h])[h * s:-h * s, h * s:-h * s]
            worst = max(worst, float(np.abs(part - whole[y * s:(y + tile) * s, x * s:(x + tile) * s]).max()))
    return worst


def white_ground(net: Ours, rgb: np.ndarray) -> bool:
    """Whether white stays white, after rounding, wherever all within the halo is white; `rgb` on a wide white frame."""
    h, s = net.halo, net.scale
    framed = np.pad(rgb, ((30, 30), (30, 30), (0, 0)), constant_values=255)
    y, edge = as_bytes(net.raw(framed)), (30 - h) * s
    return bool(min(part.min() for part in (y[:edge], y[-edge:], y[:, :edge], y[:, -edge:])) == 255)
