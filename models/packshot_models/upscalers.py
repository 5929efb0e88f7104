"""Ways to enlarge RGB bytes by a whole factor, and how near to the truth they come."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
from PIL import Image

Upscaler = Callable[[np.ndarray], np.ndarray]  # H x W x 3 bytes to (scale H) x (scale W) x 3 bytes


def as_bytes(x: np.ndarray) -> np.ndarray:
    """Of 0..255."""
    return np.clip(x + .5, 0, 255).astype(np.uint8)


def luma(rgb: np.ndarray) -> np.ndarray:
    """BT.601 brightness of 16..235, as in the literature on super-resolution; not rounded."""
    return cv2.transform(rgb.astype(np.float32), np.array([[65.481, 128.553, 24.966]]) / 255) + np.float32(16)


def smooth(x: np.ndarray) -> np.ndarray:
    """Gaussian mean over 11 x 11 pixels, where the window fits."""
    return cv2.GaussianBlur(x, (11, 11), 1.5)[5:-5, 5:-5]


def ssim(p: np.ndarray, t: np.ndarray) -> float:
    """Structural similarity of two planes of 0..255 (Wang et al. 2004)."""
    mp, mt = smooth(p), smooth(t)
    vp, vt, cov = smooth(p * p) - mp * mp, smooth(t * t) - mt * mt, smooth(p * t) - mp * mt
    c1, c2 = (.01 * 255) ** 2, (.03 * 255) ** 2
    return float(((2 * mp * mt + c1) * (2 * cov + c2) / ((mp * mp + mt * mt + c1) * (vp + vt + c2))).mean())


def score(pred: np.ndarray, true: np.ndarray, scale: int) -> tuple[float, float]:
    """PSNR and SSIM of the brightness, `scale` pixels of the border cut off."""
    p, t = (luma(x)[scale:-scale, scale:-scale] for x in (pred, true))
    return float(10 * np.log10(255 ** 2 / np.mean((p - t) ** 2, dtype=np.float64))), ssim(p, t)


def resampler(scale: int, kind: Image.Resampling) -> Upscaler:
    return lambda rgb: np.asarray(Image.fromarray(rgb).resize((rgb.shape[1] * scale, rgb.shape[0] * scale), kind))


def session(source: Path | bytes, threads: int = 1) -> ort.InferenceSession:
    opt = ort.SessionOptions()
    opt.intra_op_num_threads = threads
    opt.log_severity_level = 3
    return ort.InferenceSession(source if isinstance(source, bytes) else str(source), opt, providers=["CPUExecutionProvider"])


class Ours:
    """One of our files: RGB of 0..1 in and out, the border replicated by the halo first."""

    def __init__(self, source: Path | bytes, scale: int, halo: int = 8) -> None:
        self.session, self.scale, self.halo = session(source), scale, halo

    def raw(self, rgb: np.ndarray) -> np.ndarray:
        """H x W x 3 bytes to (scale H) x (scale W) x 3 floats of about 0..255, not clamped."""
        h = self.halo
        x = np.pad(rgb, ((h, h), (h, h), (0, 0)), "edge").astype(np.float32).transpose(2, 0, 1)[None] / np.float32(255)
        y = self.session.run(None, {"image": np.ascontiguousarray(x)})[0][0].transpose(1, 2, 0) * 255
        cut = h * self.scale
        return y[cut:-cut, cut:-cut]

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        return as_bytes(self.raw(rgb))


class Fsrcnn:
    """The reference net, which enlarges Y of 0..1 alone; chroma is enlarged bicubically."""

    def __init__(self, path: Path, scale: int) -> None:
        self.session, self.bicubic = session(path), resampler(scale, Image.Resampling.BICUBIC)
        self.name = self.session.get_inputs()[0].name
        self.last = self.session.get_inputs()[0].shape[-1] == 1  # channels last

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        y = np.asarray(Image.fromarray(rgb).convert("YCbCr"))[..., 0].astype(np.float32) / 255
        large = np.asarray(Image.fromarray(self.bicubic(rgb)).convert("YCbCr")).copy()
        out = self.session.run(None, {self.name: y[None, ..., None] if self.last else y[None, None]})[0]
        large[..., 0] = as_bytes(out.reshape(large.shape[:2]) * 255)
        return np.asarray(Image.fromarray(large, "YCbCr").convert("RGB"))
