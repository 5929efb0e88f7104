"""ONNX export: fp32 graph, batch norms folded into convolutions, initialisers stored as fp16 behind Casts."""
from __future__ import annotations

import copy
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .net import Deployed, PackshotNet

SIZE = 320


def fold(module: torch.nn.Module) -> None:
    """Replaces every (Conv, BatchNorm) pair of a Sequential by one convolution."""
    for child in module.children():
        fold(child)
    if isinstance(module, torch.nn.Sequential) and len(module) >= 2 and isinstance(module[1], torch.nn.BatchNorm2d):
        module[0] = fuse_conv_bn_eval(module[0], module[1])
        del module[1]


def halve(model: onnx.ModelProto) -> None:
    """Stores each float initialiser of two or more elements as FLOAT16 and casts it back in the graph.

    Arithmetic stays fp32, so a runtime without half precision runs it; the file is half as large.
    Sizes and scales of Resize stay as they are: runtimes want those as constants.
    """
    keep = {name for node in model.graph.node if node.op_type == "Resize" for name in node.input[1:]}
    casts, kept = [], []
    for init in model.graph.initializer:
        data = numpy_helper.to_array(init)
        if init.data_type != TensorProto.FLOAT or data.size < 2 or init.name in keep:
            kept.append(init)
            continue
        half = numpy_helper.from_array(np.clip(data, -65504, 65504).astype(np.float16), init.name + ".h")
        kept.append(half)
        casts.append(helper.make_node("Cast", [half.name], [init.name], name=init.name + ".cast", to=TensorProto.FLOAT))
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)


def load(checkpoint: Path) -> tuple[PackshotNet, dict]:
    """The averaged weights of a training checkpoint and the numbers that describe it."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    net = PackshotNet()
    net.load_state_dict(state["ema"])
    return net.eval(), {k: state[k] for k in ("step", "images", "spent", "seed", "fine")}


def export(checkpoint: Path, out: Path) -> dict:
    """Writes `out` and returns what the checkpoint says about itself."""
    net, info = load(checkpoint)
    net = copy.deepcopy(net)
    del net.sides[:]
    fold(net)
    out.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(Deployed(net, info["fine"]), (torch.zeros(1, 3, SIZE, SIZE),), str(out), input_names=["image"], output_names=["alpha"],
                          opset_version=17, dynamo=False)
    model = onnx.load(str(out))
    halve(model)
    model.producer_name, model.producer_version, model.doc_string = "packshot", "", "Packshot matte 1. MIT OR Apache-2.0."
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(out))
    info["bytes"] = out.stat().st_size
    info["ops"] = sorted({n.op_type for n in model.graph.node})
    return info
