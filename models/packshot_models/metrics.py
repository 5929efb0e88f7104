"""How good a matte is, measured at the resolution of the photo."""
from __future__ import annotations

import cv2
import numpy as np


def iou(pred: np.ndarray, true: np.ndarray) -> float:
    """Intersection over union of the two mattes cut at 0.5."""
    p, t = pred > .5, true > .5
    union = np.count_nonzero(p | t)
    return float(np.count_nonzero(p & t) / union) if union else 1.0


def band(true: np.ndarray) -> np.ndarray:
    """Pixels within max(2, 1 % of the diagonal) px of the contour where the true alpha crosses 0.5."""
    r = max(2.0, .01 * float(np.hypot(*true.shape)))
    m = (true > .5).astype(np.uint8)
    inside = cv2.distanceTransform(m, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - m, cv2.DIST_L2, 5)
    return np.where(m > 0, inside, outside) <= r if m.any() and not m.all() else np.zeros_like(m, bool)


def measure(pred: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """iou, mae (mean absolute alpha error) and edge (the same, inside the band around the contour)."""
    err = np.abs(pred - true)
    b = band(true)
    return {"iou": iou(pred, true), "mae": float(err.mean()), "edge": float(err[b].mean()) if b.any() else 0.0}


def summary(rows: list[dict[str, float]]) -> dict[str, float]:
    """Means, and the smallest IoU."""
    out = {k: float(np.mean([r[k] for r in rows])) for k in ("iou", "mae", "edge")}
    out["iou_min"] = float(min(r["iou"] for r in rows))
    return out
