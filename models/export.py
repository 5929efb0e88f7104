"""Writes the ONNX file of a checkpoint: python models/export.py --checkpoint run/checkpoint.pt."""
from __future__ import annotations

import argparse
import json
from pathlib import Path

from packshot_models import pools
from packshot_models.export import export

LIMIT = 3_000_000


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--checkpoint", type=Path, default=pools.default_cache() / "run" / "checkpoint.pt")
    ap.add_argument("--onnx", type=Path, default=Path(__file__).parent / "weights" / "packshot-matte-2.onnx")
    args = ap.parse_args()
    info = export(args.checkpoint, args.onnx)
    print(json.dumps(info))
    if info["bytes"] > LIMIT:
        raise SystemExit(f"{args.onnx} has {info['bytes']} bytes, more than {LIMIT}")


if __name__ == "__main__":
    main()
