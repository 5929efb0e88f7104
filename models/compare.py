"""Measures several nets side by side, as training goes on: python models/compare.py NET... [--renders HELD-OUT-SCENES].

A NET is an ONNX file or a checkpoint. Sets, none of which training shows: real products with exact alpha, photos with
another model's cut-out as reference, shop photos (agreement with u2netp where its cut-out is right, for want of a
reference), a photo of an animal with its matte, and renders of objects and places that are held out.

The answers are the net's own, as training sees them; with --packshot they are what users get, with Packshot's edges.
"""
from __future__ import annotations

import argparse
import subprocess
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

MISJUDGED = "t-shirts_woman_t-shirt_01"  # u2netp keeps an arm of the person
LIKE = "packshot-matte-2"


def shop(root: Path, teacher: Onnx) -> list[Item]:
    paths = sorted(p for p in (root / "images" / "shop").glob("*.jpg") if p.stem != MISJUDGED)
    return [(p.stem, img, teacher(img)) for p in paths for img in [rgb(p)]]


def lemur(root: Path) -> list[Item]:
    folder = root / "images" / "pymatting"
    return [("lemur", rgb(folder / "lemur.png"), read(folder / "lemur_alpha.png", cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255)]


def renders(folder: Path) -> list[Item]:
    return [(p.stem, rgb(p), read(p.with_suffix(".png"), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255) for p in sorted(folder.glob("*.jpg"))]


def from_packshot(binary: Path, net: Path, like: str, items: list[Item]) -> list[np.ndarray]:
    """The mattes that Packshot's program gives with this net."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{name}.png" for name, _, _ in items]
        for file, (_, img, _) in zip(files, items):
            cv2.imwrite(str(file), cv2.cvtColor(img, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 1])
        subprocess.run([binary, "--quiet", "--backend", "rten", "cutout", "--model", net, "--like", like, "--result", "alpha", "--format", "png",
                        "--output", f"{folder}/out", *files], check=True, stdout=subprocess.DEVNULL)
        return [read(next(Path(folder, "out").glob(f"{f.stem}*.png")), cv2.IMREAD_UNCHANGED).astype(np.float32) / 255 for f in files]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nets", nargs="+", type=Path)
    parser.add_argument("--renders", type=Path, help="folder made by render_scenes.py --held-out")
    parser.add_argument("--packshot", type=Path, help="Packshot's program: measure what it gives")
    parser.add_argument("--each", action="store_true", help="also prints every picture")
    args = parser.parse_args()
    root = sources.data_root()
    ours = next(m for m in tomllib.loads((HERE / "registry.toml").read_text())["model"] if m["id"] == LIKE)
    took = {key: ours["input"][key] for key in ("mirror", "pad")}
    teacher_file = root / "models" / "u2netp-fp16.onnx"
    teacher = Onnx(teacher_file, minmax=True)
    sets = {"products": products(root), "photos": photos(root), "lemur": lemur(root), "shop": shop(root, teacher)}
    if args.renders:
        sets["renders"] = renders(args.renders)
    with tempfile.TemporaryDirectory() as folder:
        files = {"u2netp": teacher_file}
        for path in args.nets:
            name = f"{path.parent.name}/{path.stem}"
            files[name] = path
            if path.suffix != ".onnx":
                files[name] = Path(folder) / f"{len(files)}.onnx"
                export(path, files[name])
        nets = {n: teacher if n == "u2netp" else Onnx(f, **took, levels=ours["output"]["levels"]) for n, f in files.items()}
        print("| set | pictures | net | mean IoU | minimum | below 0.9 | error |\n|---|---|---|---|---|---|---|")
        for title, items in sets.items():
            for name, net in nets.items():
                if args.packshot:
                    answers = from_packshot(args.packshot, files[name], name if net is teacher else LIKE, items)
                else:
                    answers = [net(img) for _, img, _ in items]
                scores = [iou(y, a) for y, (_, _, a) in zip(answers, items)]
                error = np.mean([np.abs(y - a).mean() for y, (_, _, a) in zip(answers, items)])
                print(f"| {title} | {len(items)} | {name} | {np.mean(scores):.4f} | {min(scores):.3f} | {np.mean(np.array(scores) < .9):.2f} | {error:.4f} |", flush=True)
                if args.each:
                    print("  " + ", ".join(f"{i[0]} {s:.3f}" for i, s in zip(items, scores)))


if __name__ == "__main__":
    main()
