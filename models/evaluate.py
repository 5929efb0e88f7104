"""Measures an exported net, u2netp, and if asked an older net side by side and writes RESULTS.md.

Sets: (a) held-out renders with exact alpha, (b) real products composited with exact alpha,
(c) real photos with another model's cut-out as reference. (b) and (c) need $PACKSHOT_TEST_DATA.
"""
from __future__ import annotations

import argparse
import time
import tomllib
from pathlib import Path

import cv2
import numpy as np

from packshot_models import pools, sources
from packshot_models.heldout import heldout_set
from packshot_models.metrics import measure, summary
from packshot_models.inference import Onnx

HERE = Path(__file__).parent
Item = tuple[str, np.ndarray, np.ndarray]


def read(path: Path, flags: int = cv2.IMREAD_COLOR) -> np.ndarray:
    img = cv2.imread(str(path), flags)
    if img is None:
        raise SystemExit(f"cannot read {path}")
    return img


def rgb(path: Path) -> np.ndarray:
    return cv2.cvtColor(read(path), cv2.COLOR_BGR2RGB)


def products(root: Path) -> list[Item]:
    out = []
    for p in sorted((root / "images" / "products").glob("*.jpg")):
        alpha = read(p.with_suffix("").with_suffix(".alpha.png"), cv2.IMREAD_GRAYSCALE)
        out.append((p.stem, rgb(p), alpha.astype(np.float32) / 255))
    return out


def photos(root: Path) -> list[Item]:
    out = []
    for name in ("animal-1", "car-1", "car-2"):
        folder = root / "images" / "rembg"
        if (folder / f"{name}.jpg").is_file():
            ref = read(folder / f"{name}.out.png", cv2.IMREAD_UNCHANGED)[..., 3]
            img = rgb(folder / f"{name}.jpg")
            ref = cv2.resize(ref, (img.shape[1], img.shape[0]), interpolation=cv2.INTER_AREA)
            out.append((name, img, ref.astype(np.float32) / 255))
    return out


def renders(cache: Path, count: int) -> list[Item]:
    data = heldout_set(cache, count)
    return [(f"{i:03d}", np.ascontiguousarray(d[..., :3]), d[..., 3].astype(np.float32) / 255) for i, d in enumerate(data)]


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--onnx", type=Path, default=HERE / "weights" / "packshot-matte-2.onnx")
    ap.add_argument("--against", type=Path, help="another net of ours: with the mirrored run and the same levels, without padding")
    ap.add_argument("--cache", type=Path, default=pools.default_cache())
    ap.add_argument("--renders", type=int, default=200)
    ap.add_argument("--out", type=Path, default=HERE, help="folder for RESULTS.md")
    ap.add_argument("--note", default="")
    args = ap.parse_args()
    root = sources.data_root()
    entries = tomllib.loads((HERE / "registry.toml").read_text())["model"]
    ours = next(entry for entry in entries if entry["id"] == "packshot-matte-2")
    took = {key: ours["input"][key] for key in ("mirror", "pad")}
    models = {"packshot-matte-2": Onnx(args.onnx, **took, levels=ours["output"]["levels"])}
    if args.against:
        models[args.against.stem] = Onnx(args.against, mirror=ours["input"]["mirror"], levels=ours["output"]["levels"])
    if (root / "models" / "u2netp-fp16.onnx").is_file():
        models["u2netp"] = Onnx(root / "models" / "u2netp-fp16.onnx", minmax=True)
    sets = {"(b) real products, exact alpha": products(root), "(c) real photos, reference cut-outs": photos(root)}
    if args.renders:
        sets = {"(a) held-out renders, exact alpha": renders(args.cache, args.renders), **sets}
    lines = ["# Results", "", f"Written by `python models/evaluate.py` on {time.strftime('%Y-%m-%d')}. {args.note}".rstrip(), "",
             "IoU: mattes cut at 0.5. MAE: mean absolute alpha error. Edge: mean absolute alpha error within max(2, 1 % of the",
             "diagonal) px of the true contour. All at the photo's resolution; each model gets the photo stretched to its square, ours also in its own shape where the note says so.", "",
             "| set | pictures | model | mean IoU | min IoU | MAE | edge |", "|---|---|---|---|---|---|---|"]
    single = []
    for title, items in sets.items():
        if not items:
            lines.append(f"| {title} | 0 | (data absent) | | | | |")
            continue
        for name, model in models.items():
            rows = [measure(model(img), a) for _, img, a in items]
            s = summary(rows)
            lines.append(f"| {title} | {len(items)} | {name} | {s['iou']:.3f} | {s['iou_min']:.3f} | {s['mae']:.4f} | {s['edge']:.3f} |")
            if not title.startswith("(a)"):
                single += [f"| {i[0]} | {name} | {r['iou']:.3f} | {r['mae']:.4f} | {r['edge']:.3f} |" for i, r in zip(items, rows, strict=True)]
    lines += ["", "Per picture:", "", "| picture | model | IoU | MAE | edge |", "|---|---|---|---|---|", *sorted(single)]
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "RESULTS.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
