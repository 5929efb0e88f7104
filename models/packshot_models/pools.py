"""Pools of pictures as memory maps that several processes may fill and read at the same time."""
from __future__ import annotations

import os
from pathlib import Path

import numpy as np


def default_cache() -> Path:
    """$PACKSHOT_TRAIN_CACHE, else a folder in the user's cache: gigabytes that never belong in the repository."""
    return Path(os.environ.get("PACKSHOT_TRAIN_CACHE", Path.home() / ".cache" / "packshot-models"))


def create(cache: Path, name: str, count: int, side: int, channels: int) -> tuple[np.ndarray, np.ndarray]:
    """Opens (making it when absent or of another shape) a pool and its per-picture done flags."""
    path, flags = cache / f"{name}.npy", cache / f"{name}.done.npy"
    shape = (count, side, side, channels)
    if not path.exists() or np.load(path, mmap_mode="r").shape != shape:
        np.lib.format.open_memmap(path, "w+", np.uint8, shape)
        np.lib.format.open_memmap(flags, "w+", np.uint8, (count,))
    return np.load(path, mmap_mode="r+"), np.load(flags, mmap_mode="r+")


class Pool:
    """Reads the finished pictures of a pool; `refresh` notices those finished since."""

    def __init__(self, cache: Path, name: str) -> None:
        self.path, self.flags = cache / f"{name}.npy", cache / f"{name}.done.npy"
        self.refresh()

    def refresh(self) -> None:
        self.data = np.load(self.path, mmap_mode="r") if self.path.exists() else np.zeros((0, 1, 1, 4), np.uint8)
        self.ids = np.nonzero(np.load(self.flags))[0] if self.flags.exists() else np.arange(len(self.data))

    def __len__(self) -> int:
        return len(self.ids)

    def pick(self, rng: np.random.Generator) -> np.ndarray:
        return self.data[self.ids[rng.integers(len(self.ids))]]
