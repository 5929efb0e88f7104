"""Writes the ONNX files of trained upscaling nets: plain, and the denoise net that began with its weights."""
from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from packshot_models.upscale_export import export
from train_upscale import load

WEIGHTS = Path(__file__).parent / "weights"


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("checkpoints", type=Path, nargs="+", help="named like 2x.pt, 2x-denoise.pt, 4x.pt, 4x-denoise.pt")
    ap.add_argument("--out", type=Path, default=WEIGHTS)
    args = ap.parse_args()
    for path in args.checkpoints:
        net, state = load(path)
        out = args.out / f"packshot-upscale-{path.stem}-1.onnx"
        export(net, out)
        data = out.read_bytes()
        print(f"{out.name} {len(data)} bytes sha256 {hashlib.sha256(data).hexdigest()} halo {net.halo} steps {state['step']} hours {state['spent'] / 3600:.2f}")


if __name__ == "__main__":
    main()
