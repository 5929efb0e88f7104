"""Runs ONNX matting nets as Packshot does: ours, and u2netp (Apache-2.0) as reference in evaluation."""
from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort

from . import sources

MEAN = np.array([.485, .456, .406], np.float32)
STD = np.array([.229, .224, .225], np.float32)


class Onnx:
    """An ONNX matting net with the pre- and post-processing of its entry in registry.toml.

    Stretch to the net's input size with an antialiased filter, ImageNet normalisation, run (with `mirror` also on the
    mirrored picture, averaged; with `pad` also on the picture in its own shape on a square of its mean colour, averaged),
    `levels`, resize the alpha back with a bicubic filter, clamp. u2netp's map is min-max normalised first, as its
    authors do.
    """

    def __init__(self, path: Path, minmax: bool = False, threads: int = 2, mirror: bool = False, pad: bool = False,
                 levels: tuple[float, float] = (0, 1)) -> None:
        opt = ort.SessionOptions()
        opt.intra_op_num_threads = threads
        opt.log_severity_level = 3
        self.session = ort.InferenceSession(str(path), opt, providers=["CPUExecutionProvider"])
        self.name, self.minmax = self.session.get_inputs()[0].name, minmax
        self.size = int(self.session.get_inputs()[0].shape[-1])
        self.mirror, self.pad, self.levels = mirror, pad, levels

    def run(self, rgb: np.ndarray) -> np.ndarray:
        """The net's answer for an RGB uint8 picture of its size."""
        x = ((rgb.astype(np.float32) / 255 - MEAN) / STD).transpose(2, 0, 1)[None]
        run = lambda x: self.session.run(None, {self.name: np.ascontiguousarray(x)})[0][0, 0].astype(np.float32)
        return (run(x) + run(x[..., ::-1])[:, ::-1]) / 2 if self.mirror else run(x)

    def raw(self, rgb: np.ndarray) -> np.ndarray:
        """Square alpha of an RGB uint8 picture."""
        n, (h, w) = self.size, rgb.shape[:2]
        y = self.run(stretch(rgb, n, n))
        if self.pad and h != w:
            inner_w, inner_h = max(1, round(n * w / max(h, w))), max(1, round(n * h / max(h, w)))
            left, top = (n - inner_w) // 2, (n - inner_h) // 2
            inner = stretch(rgb, inner_w, inner_h)
            square = np.full((n, n, 3), (inner.reshape(-1, 3).mean(0) + .5).astype(np.uint8))
            square[top:top + inner_h, left:left + inner_w] = inner
            part = self.run(square)[top:top + inner_h, left:left + inner_w]
            y = (y + cv2.resize(part, (n, n), interpolation=cv2.INTER_LINEAR)) / 2
        if self.minmax:
            y = (y - y.min()) / max(float(y.max() - y.min()), 1e-6)
        low, high = self.levels
        return np.clip((y - low) / (high - low), 0, 1)

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        h, w = rgb.shape[:2]
        return np.clip(cv2.resize(self.raw(rgb), (w, h), interpolation=cv2.INTER_CUBIC), 0, 1)


def stretch(rgb: np.ndarray, width: int, height: int) -> np.ndarray:
    """Antialiased resize, aspect not kept."""
    from PIL import Image
    return np.asarray(Image.fromarray(rgb).resize((width, height), Image.Resampling.BILINEAR))
