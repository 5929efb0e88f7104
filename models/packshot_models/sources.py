"""Pictures that we may train on but did not render: free photos in Python packages, and real cut-outs."""
from __future__ import annotations

import bz2
import os
from pathlib import Path

import cv2
import numpy as np

# From scikit-image's data folder, only those whose docstring states public domain or CC0. Left out: moon,
# motorcycle and coins (no licence stated), brick (a test picture uses it), coffee and chelsea (our examples).
SKIMAGE = ("astronaut.png", "rocket.jpg", "hubble_deep_field.jpg", "retina.jpg", "grass.png", "gravel.png")

# From Debian's package lomiri-wallpapers-16.04, only those that its copyright file puts under CC-BY 4.0 or CC0.
WALLPAPERS = ("aitzgorri_by_Aitzol_Berasategi.jpg", "friends_by_Aitzol_Berasategi.jpg", "life_by_Aitzol_Berasategi.jpg",
              "picosdeeuropa_by_Aitzol_Berasategi.jpg", "Picture_0B_by_freespace.jpg", "Picture_1A_by_freespace.jpg",
              "seeding_by_Clements_Engelhardt.jpg", "sunset_by_Aitzol_Berasategi.jpg", "Wine_by_Jakkub_Mede.jpg")


def data_root() -> Path:
    """The folder with real cut-outs, test pictures and u2netp: $PACKSHOT_TEST_DATA."""
    return Path(os.environ.get("PACKSHOT_TEST_DATA", "test-data"))


def _read(path: Path) -> np.ndarray | None:
    img = cv2.imread(str(path), cv2.IMREAD_COLOR)
    return None if img is None else cv2.cvtColor(img, cv2.COLOR_BGR2RGB)


def free_photos(extra: Path | None) -> dict[str, np.ndarray]:
    """Name -> RGB photo. `extra` holds scikit-learn's china.jpg and flower.jpg (CC-BY), matplotlib's
    grace_hopper.jpg and scipy 1.9's face.dat (both public domain), taken out of those wheels."""
    out: dict[str, np.ndarray] = {}
    try:
        import skimage.data
        folder = Path(skimage.data.__file__).parent
        for name in SKIMAGE:
            if (img := _read(folder / name)) is not None:
                out[Path(name).stem] = img
    except ImportError:
        pass
    if extra is not None and extra.is_dir():
        for name in ("china.jpg", "flower.jpg", "grace_hopper.jpg"):
            if (img := _read(extra / name)) is not None:
                out[Path(name).stem] = img
        if (extra / "face.dat").is_file():
            raw = bz2.decompress((extra / "face.dat").read_bytes())
            out["face"] = np.frombuffer(raw, np.uint8).reshape(768, 1024, 3)
    return out


def wallpapers(folder: Path) -> dict[str, np.ndarray]:
    """Name -> large RGB photo, of those of `WALLPAPERS` that the folder holds."""
    return {Path(name).stem: img for name in WALLPAPERS if (img := _read(folder / name)) is not None}


def fit(rgba: np.ndarray, n: int) -> np.ndarray:
    """Crops to the visible box and fits it into n x n, centred, colours bled under the edge."""
    ys, xs = np.nonzero(rgba[..., 3] > 8)
    box = rgba[ys.min():ys.max() + 1, xs.min():xs.max() + 1].astype(np.float32)
    a = box[..., 3:] / 255
    pre = np.dstack([box[..., :3] * a, a])
    s = n / max(pre.shape[:2])
    size = (max(1, round(pre.shape[1] * s)), max(1, round(pre.shape[0] * s)))
    pre = cv2.resize(pre, size, interpolation=cv2.INTER_AREA if s < 1 else cv2.INTER_LINEAR)
    out = np.zeros((n, n, 4), np.float32)
    y, x = (n - size[1]) // 2, (n - size[0]) // 2
    out[y:y + size[1], x:x + size[0]] = pre
    out[..., :3] /= np.maximum(out[..., 3:], 1e-3)
    out[..., 3] *= 255
    return np.clip(out + .5, 0, 255).astype(np.uint8)


def real_cutouts(folder: Path, n: int) -> np.ndarray:
    """All RGBA pictures of a folder, fitted to n x n."""
    out = []
    for path in sorted(folder.glob("*.png")):
        img = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if img is not None and img.ndim == 3 and img.shape[2] == 4:
            out.append(fit(cv2.cvtColor(img, cv2.COLOR_BGRA2RGBA), n))
    return np.stack(out) if out else np.zeros((0, n, n, 4), np.uint8)
