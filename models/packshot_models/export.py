"""ONNX export: fp32 graph, batch norms folded into convolutions, initialisers stored as int8 or fp16."""
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

SIZE = 384
LARGE = 16_384  # weights from which int8 is used; smaller layers are near the edge and weigh little


def fold(module: torch.nn.Module) -> None:
    """Replaces every (Conv, BatchNorm) pair of a Sequential by one convolution."""
    for child in module.children():
        fold(child)
    if isinstance(module, torch.nn.Sequential) and len(module) >= 2 and isinstance(module[1], torch.nn.BatchNorm2d):
        module[0] = fuse_conv_bn_eval(module[0], module[1])
        del module[1]


def quantize(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 weights and one scale for each output channel; of some clipping points the one with the least error."""
    flat = weights.reshape(len(weights), -1).astype(np.float64)
    peak = np.maximum(np.abs(flat).max(1, keepdims=True), 1e-8)
    best, scale = np.full((len(flat), 1), np.inf), peak / 127
    for share in np.linspace(.7, 1, 13):
        s = (peak * share / 127).astype(np.float32).astype(np.float64)
        error = ((np.clip(np.round(flat / s), -127, 127) * s - flat) ** 2).sum(1, keepdims=True)
        better = error < best
        best, scale = np.where(better, error, best), np.where(better, s, scale)
    whole = np.clip(np.round(flat / scale), -127, 127).astype(np.int8)
    return whole.reshape(weights.shape), scale[:, 0].astype(np.float32)


def compress(model: onnx.ModelProto) -> None:
    """Stores large convolution weights as int8 behind DequantizeLinear, and other float initialisers as FLOAT16
    behind Cast.

    Runtimes compute both once, when they load the file; arithmetic stays fp32. Sizes and scales of Resize
    stay as they are: runtimes want those as constants.
    """
    keep = {name for node in model.graph.node if node.op_type == "Resize" for name in node.input[1:]}
    first, kept = [], []
    for init in model.graph.initializer:
        data = numpy_helper.to_array(init)
        if init.data_type != TensorProto.FLOAT or data.size < 2 or init.name in keep:
            kept.append(init)
        elif data.ndim == 4 and data.size >= LARGE:
            whole, scale = quantize(data)
            names = [init.name + ".q", init.name + ".s"]
            kept += [numpy_helper.from_array(whole, names[0]), numpy_helper.from_array(scale, names[1])]
            first.append(helper.make_node("DequantizeLinear", names, [init.name], name=init.name + ".dq", axis=0))
        else:
            half = numpy_helper.from_array(np.clip(data, -65504, 65504).astype(np.float16), init.name + ".h")
            kept.append(half)
            first.append(helper.make_node("Cast", [half.name], [init.name], name=init.name + ".cast", to=TensorProto.FLOAT))
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(first + nodes)


def load(checkpoint: Path) -> tuple[PackshotNet, dict]:
    """The averaged weights of a training checkpoint and the numbers that describe it."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    net = PackshotNet(state.get("plan", "plain"))
    net.load_state_dict(state["ema"])
    return net.eval(), {k: state[k] for k in ("step", "images", "spent", "seed")}


def export(checkpoint: Path, out: Path) -> dict:
    """Writes `out` and returns what the checkpoint says about itself."""
    net, info = load(checkpoint)
    net = copy.deepcopy(net)
    del net.sides[:]
    fold(net)
    out.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(Deployed(net), (torch.zeros(1, 3, SIZE, SIZE),), str(out), input_names=["image"], output_names=["alpha"],
                          opset_version=17, dynamo=False)
    model = onnx.load(str(out))
    compress(model)
    model.producer_name, model.producer_version, model.doc_string = "packshot", "", "Packshot matte. MIT OR Apache-2.0."
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(out))
    info["bytes"] = out.stat().st_size
    info["ops"] = sorted({n.op_type for n in model.graph.node})
    return info
