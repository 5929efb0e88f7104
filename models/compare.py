"""Measures several nets side by side, as training goes on: python models/compare.py NET... [--renders HELD-OUT-SCENES].

A NET is an ONNX file or a checkpoint. Sets, none of which training shows: real products with exact alpha, photos with
another model's cut-out as reference, shop photos (agreement with u2netp, for want of a reference), a photo of an animal
with a matte made by hand, and renders of objects and places that are held out. Without Packshot's edges.
"""
from __future__ import annotations

import argparse
import tempfile
import tomllib
from pathlib import Path

import cv2
import numpy as np

from evaluate import HERE, Item, photos, products, read, rgb
from packshot_models import sources
from packshot_models.export import export
from packshot_models.inference import Onnx
from packshot_models.metrics import iou


def shop(root: Path, teacher: Onnx) -> list[Item]:
    return [(p.stem, img, teacher(img)) for p in sorted((root / "images" / "shop").glob("*.jpg")) for img in [rgb(p)]]


def lemur(root: Path) -> list[Item]:
    folder = root / "images" / "pymatting"
    return [("lemur", rgb(folder / "lemur.png"), read(folder / "lemur_alpha.png", cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255)]


def renders(folder: Path) -> list[Item]:
    return [(p.stem, rgb(p), read(p.with_suffix(".png"), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255) for p in sorted(folder.glob("*.jpg"))]


def load(path: Path, mirror: bool, pad: bool, levels: tuple[float, float]) -> Onnx:
    if path.suffix == ".onnx":
        return Onnx(path, mirror=mirror, pad=pad, levels=levels)
    with tempfile.TemporaryDirectory() as folder:
        export(path, Path(folder) / "net.onnx")
        return Onnx(Path(folder) / "net.onnx", mirror=mirror, pad=pad, levels=levels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nets", nargs="+", type=Path)
    parser.add_argument("--renders", type=Path, help="folder made by render_scenes.py --held-out")
    parser.add_argument("--plain", action="store_true", help="one run for each picture, without mirrored and padded ones")
    parser.add_argument("--each", action="store_true", help="also prints every picture")
    args = parser.parse_args()
    root = sources.data_root()
    ours = next(m for m in tomllib.loads((HERE / "registry.toml").read_text())["model"] if m["id"] == "packshot-matte-2")
    teacher = Onnx(root / "models" / "u2netp-fp16.onnx", minmax=True)
    nets = {"u2netp": teacher} | {f"{p.parent.name}/{p.stem}": load(p, not args.plain, not args.plain, ours["output"]["levels"]) for p in args.nets}
    sets = {"products": products(root), "photos": photos(root), "lemur": lemur(root), "shop": shop(root, teacher)}
    if args.renders:
        sets["renders"] = renders(args.renders)
    print("| set | pictures | net | mean IoU | minimum | below 0.9 | error |\n|---|---|---|---|---|---|---|")
    for title, items in sets.items():
        for name, net in nets.items():
            answers = [net(img) for _, img, _ in items]
            scores = [iou(y, a) for y, (_, _, a) in zip(answers, items)]
            error = np.mean([np.abs(y - a).mean() for y, (_, _, a) in zip(answers, items)])
            print(f"| {title} | {len(items)} | {name} | {np.mean(scores):.4f} | {min(scores):.3f} | {np.mean(np.array(scores) < .9):.2f} | {error:.4f} |", flush=True)
            if args.each:
                print("  " + ", ".join(f"{i[0]} {s:.3f}" for i, s in zip(items, scores)))


if __name__ == "__main__":
    main()
