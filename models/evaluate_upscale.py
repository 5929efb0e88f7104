"""Measures the upscaling nets beside bicubic, Lanczos and FSRCNN on photos that none of ours was trained on, and
writes RESULTS_UPSCALE.md. Needs $PACKSHOT_TEST_DATA.
"""
from __future__ import annotations

import argparse
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from packshot_models import sources
from packshot_models.lowres import jpeg, reduce
from packshot_models.upscale_checks import border_psnr, flat_shift, tile_error, white_ground
from packshot_models.upscale_export import blend_files, flops, model
from packshot_models.upscalers import Fsrcnn, Ours, Upscaler, resampler, score
from train_upscale import load

HERE = Path(__file__).parent
# Folder and name: how much smaller the photo is made first, so that neither JPEG nor softness is left in it.
PHOTOS = {"fsrcnn/butterfly.png": 1, "realesrgan/gt_baboon.png": 1, "shop/books.jpg": 2, "shop/caps_cap_01.jpg": 3, "shop/jeans_man_jeans_02.jpg": 3,
          "shop/mugs.jpg": 2, "shop/stickers.jpg": 2, "shop/t-shirts_woman_t-shirt_01.jpg": 3, "products/apple-drink-white.jpg": 2,
          "products/beanie-1-gray.jpg": 2, "products/blue-plimsolls-2-brick.jpg": 2, "products/cushion-blue-beach.jpg": 2,
          "products/dash-force-1-white.jpg": 2, "products/gift-100-gray.jpg": 2, "iopaint/overture-creations-5sI6fQgYIuo.png": 1,
          "rembg/car-2.jpg": 2, "rembg/cloth-1.jpg": 2, "rembg/plants-1.jpg": 2, "pymatting/lemur_background.png": 1}
DAMAGES = {"JPEG 40": (40, 0), "JPEG 60": (60, 0), "JPEG 80": (80, 0), "noise 3, JPEG 60": (60, 3), "noise 6, JPEG 90": (90, 6)}


def photos(root: Path) -> dict[str, np.ndarray]:
    """Name -> sharp RGB photo whose sides are multiples of 4."""
    out = {}
    for name, factor in PHOTOS.items():
        img = Image.open(root / "images" / name).convert("RGB")
        w, h = (side // factor // 4 * 4 for side in img.size)
        img = img.resize((w, h), Image.Resampling.LANCZOS, reducing_gap=None) if factor > 1 else img.crop((0, 0, w, h))
        out[Path(name).stem] = np.asarray(img)
    return out


def damaged(small: np.ndarray, quality: int, noise: float) -> np.ndarray:
    """The same for every run: noise of that deviation in every channel, then JPEG with halved chroma."""
    if noise:
        grain = np.random.default_rng(small.size).normal(0, noise, small.shape)
        small = np.clip(small + grain + .5, 0, 255).astype(np.uint8)
    return jpeg(small, quality, False)


def upscalers(root: Path, weights: Path, scale: int) -> dict[str, Upscaler]:
    out: dict[str, Upscaler] = {"bicubic": resampler(scale, Image.Resampling.BICUBIC), "Lanczos": resampler(scale, Image.Resampling.LANCZOS)}
    for name in ("FSRCNN-small", "FSRCNN"):
        out[name] = Fsrcnn(root / "models" / f"{name}_x{scale}.onnx", scale)
    for name in (f"{scale}x", f"{scale}x-denoise"):
        path = weights / f"packshot-upscale-{name}-1.onnx"
        if path.is_file():
            out[f"packshot-upscale-{name}-1"] = Ours(path, scale)
    return out


def means(ways: dict[str, Upscaler], pairs: list[tuple[np.ndarray, np.ndarray]], scale: int) -> dict[str, np.ndarray]:
    """Name of the way -> pictures x (PSNR, SSIM)."""
    return {name: np.array([score(way(small), true, scale) for small, true in pairs]) for name, way in ways.items()}


def seconds(way: Upscaler, scale: int) -> float:
    """Best of six for one megapixel of output: time of one core, also where others use the machine."""
    small = np.random.default_rng(0).integers(0, 256, (1024 // scale, 1024 // scale, 3), dtype=np.uint8)
    best = np.inf
    for _ in range(6):
        start = time.process_time()
        way(small)
        best = min(best, time.process_time() - start)
    return best


def blends(weights: Path, scale: int) -> dict[str, Ours]:
    """What lies between our two nets of a factor."""
    a, b = (weights / f"packshot-upscale-{scale}x{kind}-1.onnx" for kind in ("", "-denoise"))
    return {f"denoise {share:g}": Ours(blend_files(a, b, share), scale) for share in (.25, .5, .75)}


def table(shown: dict[str, str], results: dict[str, dict[str, np.ndarray]], took: dict[str, float]) -> list[str]:
    """Rows of `shown` (label: name of the way), columns of the sets in `results`, and seconds where known."""
    lines = ["| | " + " | ".join(results) + (" | s of one core for 1 MP |" if took else " |"), "|---|" + "---|" * (len(results) + bool(took))]
    for label, way in shown.items():
        cells = [f"{m[0]:.2f} / {m[1]:.4f}" for m in (r[way].mean(0) for r in results.values())]
        if took:
            cells.append(f"{took[way]:.2f}")
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def checks(nets: dict[str, Ours], bicubic: Upscaler, pairs: list, scale: int) -> list[str]:
    """Flat colours, borders and tiles of ours."""
    lines = ["| | white | grays | tint of grays | any flat colour | white ground stays 255 | border, PSNR | tiles against whole |", "|---|" + "---|" * 7]
    for name, net in nets.items():
        f = flat_shift(net)
        white = all(white_ground(net, small) for small, _ in pairs[:4])
        lines.append(f"| {name} | {f['white']:.4f} | {f['gray']:.2f} | {f['tint']:.2f} | {f['any']:.2f} | {'yes' if white else 'no'} | "
                     f"{border_psnr(net, pairs, scale):.2f} | {tile_error(net, pairs[0][0]):.4f} |")
    return [*lines, f"| bicubic | | | | | | {border_psnr(bicubic, pairs, scale):.2f} | |", ""]


def short_runs(paths: list[Path], pairs: list, scale: int) -> list[str]:
    """Nets of several widths, trained side by side for the same time: what the size was chosen by."""
    lines = ["Widths, trained side by side for the same few minutes on one core each, x2, clean:", "",
             "| width | steps | bytes | GFLOP for 1 MP | PSNR / SSIM |", "|---|---|---|---|---|"]
    for path in paths:
        net, state = load(path)
        data = model(net).SerializeToString()
        m = means({"": Ours(data, scale)}, pairs, scale)[""].mean(0)
        lines.append(f"| {net.width} | {state['step']} | {len(data)} | {flops(net) / 1e9:.0f} | {m[0]:.2f} / {m[1]:.4f} |")
    return [*lines, ""]


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--weights", type=Path, default=HERE / "weights")
    ap.add_argument("--scales", type=int, nargs="*", default=[2, 4])
    ap.add_argument("--out", type=Path, default=HERE, help="folder for RESULTS_UPSCALE.md")
    ap.add_argument("--note", default="")
    ap.add_argument("--short", type=Path, nargs="*", default=[], help="checkpoints of short runs at x2 to compare")
    ap.add_argument("--pictures", type=Path, help="folder for the enlarged pictures, to look at")
    args = ap.parse_args()
    root = sources.data_root()
    truths = photos(root)
    lines = ["# Results of the upscaling nets", "", f"Written by `python models/evaluate_upscale.py` on {time.strftime('%Y-%m-%d')}: PSNR and SSIM of BT.601",
             f"brightness, a border of as many pixels as the factor cut off, means over {len(truths)} photos; none was trained on. Photos are",
             f"made smaller first, so that they are sharp; then bicubically (antialiased) by the factor. {args.note}".rstrip(), ""]
    single = []
    for scale in args.scales:
        ways = upscalers(root, args.weights, scale)
        mixed, ours = blends(args.weights, scale), [way for way in ways if way.startswith("packshot")]
        ends = {"denoise 0": ours[0], **{name: name for name in mixed}, "denoise 1": ours[1]}
        sets = {"clean": [(reduce(t, scale), t) for t in truths.values()]}
        sets |= {name: [(damaged(s, *how), t) for s, t in sets["clean"]] for name, how in DAMAGES.items()}
        results = {name: means(ways | mixed, pairs, scale) for name, pairs in sets.items()}
        lines += [f"## x{scale}", "", *table({way: way for way in ways}, results, {name: seconds(way, scale) for name, way in ways.items()})]
        lines += ["Weights of the two nets mixed:", "", *table(ends, results, {})]
        nets = {label: (ways | mixed)[name] for label, name in ends.items()}
        lines += ["Flat colours (shifts in steps of 1/255), borders and tiles, clean:", "", *checks(nets, ways["bicubic"], sets["clean"], scale)]
        if args.short and scale == 2:
            lines += short_runs(args.short, sets["clean"], scale)
        shown = [w for w in ways if w not in ("Lanczos", "FSRCNN-small")]
        single += [f"Each photo, x{scale}, clean, PSNR:", "", "| photo | " + " | ".join(shown) + " |", "|---|" + "---|" * len(shown)]
        single += [f"| {name} | " + " | ".join(f"{results['clean'][w][k, 0]:.2f}" for w in shown) + " |" for k, name in enumerate(truths)] + [""]
        if args.pictures:
            args.pictures.mkdir(parents=True, exist_ok=True)
            for kind in ("clean", "JPEG 60"):
                for (name, true), (small, _) in zip(truths.items(), sets[kind], strict=True):
                    row = np.concatenate([ways[w](small) for w in ways if w not in ("Lanczos", "FSRCNN-small")] + [true], 1)
                    cv2.imwrite(str(args.pictures / f"{scale}x-{kind.replace(' ', '')}-{name}.png"), row[..., ::-1])
    text = "\n".join(lines + single).rstrip() + "\n"
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "RESULTS_UPSCALE.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
