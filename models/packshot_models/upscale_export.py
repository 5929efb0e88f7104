"""The ONNX file of an upscaling net, node by node, with all weights as plain float32 bytes in the same order."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .upscale_net import SLOPE, UpscaleNet


def tensors(net: UpscaleNet) -> dict[str, np.ndarray]:
    """Name -> float32 weights: anchor.weight, conv0.weight, conv0.bias, conv1.weight ..."""
    out = {"anchor.weight": net.anchor.numpy()}
    for k, conv in enumerate(net.body):
        weight = conv.weight.detach().double()
        out[f"conv{k}.weight"] = weight.float().numpy()
        if k == 0:  # the net looks at image - 1
            out["conv0.bias"] = -weight.sum((1, 2, 3)).float().numpy()
    return {name: np.ascontiguousarray(value) for name, value in out.items()}


def model(net: UpscaleNet) -> onnx.ModelProto:
    """Graph from `image` (1x3xHxW) to `upscaled` (1x3x(scale H)x(scale W)), opset 17."""
    s, last = net.scale, len(net.body) - 1
    nodes = [helper.make_node("Conv", ["image", "anchor.weight"], ["anchor"], "anchor", kernel_shape=[5, 5], pads=[2] * 4)]
    x = "image"
    for k in range(len(net.body)):
        names = [x, f"conv{k}.weight"] + (["conv0.bias"] if k == 0 else [])
        nodes.append(helper.make_node("Conv", names, [f"conv{k}"], f"conv{k}", kernel_shape=[3, 3], pads=[1] * 4))
        x = f"conv{k}"
        if k < last:
            nodes.append(helper.make_node("LeakyRelu", [x], [f"act{k}"], f"act{k}", alpha=SLOPE))
            x = f"act{k}"
    nodes.append(helper.make_node("Add", [x, "anchor"], ["sum"], "add"))
    nodes.append(helper.make_node("DepthToSpace", ["sum"], ["upscaled"], "shuffle", blocksize=s, mode="DCR"))
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, "height", "width"])
    upscaled = helper.make_tensor_value_info("upscaled", TensorProto.FLOAT, [1, 3, f"{s}*height", f"{s}*width"])
    weights = [numpy_helper.from_array(value, name) for name, value in tensors(net).items()]
    graph = helper.make_graph(nodes, f"packshot-upscale-{s}x", [image], [upscaled], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="packshot",
                             doc_string=f"Packshot upscale {s}x. MIT OR Apache-2.0.")


def blend_files(a: Path, b: Path, share: float) -> bytes:
    """A file with the weights of two: (1 - share) a + share b, tensor by tensor."""
    file, other = onnx.load(a), onnx.load(b)
    for mine, theirs in zip(file.graph.initializer, other.graph.initializer, strict=True):
        if mine.name != theirs.name or mine.dims != theirs.dims:
            raise ValueError(f"{a.name} and {b.name} differ in more than weights")
        x, y = (np.frombuffer(t.raw_data, np.float32) for t in (mine, theirs))
        mine.raw_data = ((1 - np.float32(share)) * x + np.float32(share) * y).tobytes()
    return file.SerializeToString()


def flops(net: UpscaleNet) -> float:
    """Operations (two for each multiply-add) for 2 ** 20 pixels of output."""
    return 2 * sum(value.size for name, value in tensors(net).items() if name.endswith(".weight")) * 2 ** 20 / net.scale ** 2


def export(net: UpscaleNet, out: Path) -> None:
    file = model(net)
    onnx.checker.check_model(file, full_check=True)
    out.write_bytes(file.SerializeToString(deterministic=True))
