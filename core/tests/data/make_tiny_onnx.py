"""Writes the tiny models of the inference tests. Needs the packages onnx and numpy.

tiny.onnx        image [1, 3, 8, 8] -> Conv 3x3 -> logits [1, 1, 8, 8] -> Sigmoid -> matte
tiny_open.onnx   the same with open height and width
tiny_half.onnx   the same in float16, ports included
tiny_old.onnx    the first as old exporters write it, with the weights among the inputs
tiny_nan.onnx    the square root of a negative number: what a broken model answers
twice.onnx       image [1, 3, h, w] -> each pixel four times [1, 3, 2h, 2w]
twice_nhwc.onnx  the same with channels last: image [1, h, w, 3] -> [1, 2h, 2w, 3]
ports.onnx       image [1, 3, h, w] and mask [1, 1, h, w] -> filled = image (1 - mask)
                 ids i64 [n] and step i32 -> next i64 [n] = ids + step, and short, the same as i32
net.onnx         image [1, 3, h, w] -> Conv 3x3 -> Relu -> Conv 3x3 -> DepthToSpace -> large [1, 3, 2h, 2w]: halo 2
net-strong.onnx  the same with other weights
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save


def tiny(height, width, kind=TensorProto.FLOAT, old=False):
    dtype = np.float16 if kind == TensorProto.FLOAT16 else np.float32
    weight = np.linspace(-0.5, 0.5, 27).reshape(1, 3, 3, 3).astype(dtype)
    bias = np.array([0.25], dtype)
    port = lambda name, channels: helper.make_tensor_value_info(name, kind, [1, channels, height, width])
    # rten cannot do without `kernel_shape`, which ONNX leaves optional and every exporter writes.
    window = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["image", "weight", "bias"], ["logits"], **window),
            helper.make_node("Sigmoid", ["logits"], ["matte"]),
        ],
        "tiny",
        ([helper.make_tensor_value_info("weight", kind, weight.shape)] if old else []) + [port("image", 3)],
        [port("logits", 1), port("matte", 1)],
        [numpy_helper.from_array(weight, "weight"), numpy_helper.from_array(bias, "bias")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    return model


def not_a_number():
    port = lambda name, channels: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, 8, 8])
    graph = helper.make_graph(
        [
            helper.make_node("ReduceMean", ["image"], ["gray"], axes=[1], keepdims=1),
            helper.make_node("Exp", ["gray"], ["positive"]),
            helper.make_node("Neg", ["positive"], ["negative"]),
            helper.make_node("Sqrt", ["negative"], ["matte"]),
        ],
        "not_a_number",
        [port("image", 3)],
        [port("matte", 1)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    return model


def ports():
    port = lambda name, kind, *shape: helper.make_tensor_value_info(name, kind, shape)
    graph = helper.make_graph(
        [
            helper.make_node("Sub", ["one", "mask"], ["keep"]),
            helper.make_node("Mul", ["image", "keep"], ["filled"]),
            helper.make_node("Cast", ["step"], ["wide"], to=TensorProto.INT64),
            helper.make_node("Add", ["ids", "wide"], ["next"]),
            helper.make_node("Cast", ["next"], ["short"], to=TensorProto.INT32),
        ],
        "ports",
        [
            port("image", TensorProto.FLOAT, 1, 3, "h", "w"),
            port("mask", TensorProto.FLOAT, 1, 1, "h", "w"),
            port("ids", TensorProto.INT64, "n"),
            port("step", TensorProto.INT32),
        ],
        [
            port("filled", TensorProto.FLOAT, 1, 3, "h", "w"),
            port("next", TensorProto.INT64, "n"),
            port("short", TensorProto.INT32, "n"),
        ],
        [numpy_helper.from_array(np.array(1, np.float32), "one")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    return model


def larger(*weights, channels_last=False):
    nodes, name = [], "image"
    if channels_last:
        nodes.append(helper.make_node("Transpose", ["image"], ["planes"], perm=[0, 3, 1, 2]))
        name = "planes"
    for index, weight in enumerate(weights):
        side = weight.shape[2]
        window = {"kernel_shape": [side, side], "pads": [side // 2] * 4}
        if index:
            nodes.append(helper.make_node("Relu", [name], [f"relu{index}"]))
            name = f"relu{index}"
        nodes.append(helper.make_node("Conv", [name, f"weight{index}"], [f"conv{index}"], **window))
        name = f"conv{index}"
    large = "large_planes" if channels_last else "large"
    nodes.append(helper.make_node("DepthToSpace", [name], [large], blocksize=2, mode="CRD"))
    if channels_last:
        nodes.append(helper.make_node("Transpose", [large], ["large"], perm=[0, 2, 3, 1]))
    shape = lambda sides: [1, *sides, 3] if channels_last else [1, 3, *sides]
    port = lambda name, *sides: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape(sides))
    tensors = [numpy_helper.from_array(weight, f"weight{index}") for index, weight in enumerate(weights)]
    graph = helper.make_graph(nodes, "larger", [port("image", "h", "w")], [port("large", "2h", "2w")], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    return model


def net(power):
    # Positive taps that add up to one: flat pictures stay flat, and answers in range. A high power leaves few of them.
    random = np.random.default_rng(power)
    weights = [random.uniform(0.1, 1.0, shape) ** power for shape in [(4, 3, 3, 3), (12, 4, 3, 3)]]
    return larger(*[(weight / weight.sum((1, 2, 3), keepdims=True)).astype(np.float32) for weight in weights])


folder = Path(__file__).parent
doubling = np.repeat(np.eye(3, dtype=np.float32), 4, 0).reshape(12, 3, 1, 1)
save(larger(doubling), folder / "twice.onnx")
save(larger(doubling, channels_last=True), folder / "twice_nhwc.onnx")
save(ports(), folder / "ports.onnx")
save(net(1), folder / "net.onnx")
save(net(20), folder / "net-strong.onnx")
save(not_a_number(), folder / "tiny_nan.onnx")
save(tiny(8, 8), folder / "tiny.onnx")
save(tiny("height", "width"), folder / "tiny_open.onnx")
save(tiny(8, 8, TensorProto.FLOAT16), folder / "tiny_half.onnx")
save(tiny(8, 8, old=True), folder / "tiny_old.onnx")
