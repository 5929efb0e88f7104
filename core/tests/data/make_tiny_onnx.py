"""Writes the tiny models of the inference tests. Needs the packages onnx and numpy.

tiny.onnx        image [1, 3, 8, 8] -> Conv 3x3 -> logits [1, 1, 8, 8] -> Sigmoid -> matte
tiny_open.onnx   the same with open height and width
tiny_half.onnx   the same in float16, ports included
tiny_old.onnx    the first as old exporters write it, with the weights among the inputs
tiny_nan.onnx    the square root of a negative number: what a broken model answers
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


folder = Path(__file__).parent
save(not_a_number(), folder / "tiny_nan.onnx")
save(tiny(8, 8), folder / "tiny.onnx")
save(tiny("height", "width"), folder / "tiny_open.onnx")
save(tiny(8, 8, TensorProto.FLOAT16), folder / "tiny_half.onnx")
save(tiny(8, 8, old=True), folder / "tiny_old.onnx")
