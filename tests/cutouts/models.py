"""Tiny networks with a matting model's doors: one image in, one mask out, no weights to speak of."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def write_model(path, *, logits=True, side=128, gain=-40.0, offset=20.0):
    """Dark is product: a weighted sum of the normalised channels. ``gain`` 0 makes a model that is sure of nothing."""
    kernel = numpy_helper.from_array(np.full((1, 3, 1, 1), gain / 3, np.float32), "kernel")
    bias = numpy_helper.from_array(np.array([offset], np.float32), "bias")
    last = "mask" if logits else "raw"
    nodes = [helper.make_node("Conv", ["image", "kernel", "bias"], [last])]
    if not logits:
        nodes.append(helper.make_node("Sigmoid", ["raw"], ["mask"]))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, side, side])],
        [helper.make_tensor_value_info("mask", TensorProto.FLOAT, [1, 1, side, side])],
        [kernel, bias],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return path
