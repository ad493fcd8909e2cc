"""Writes the network as ONNX with weights in eight bits, by hand.

Each weight matrix gets one scale per output channel, seven bits and a sign left free of
overflow on processors without VNNI; activations are quantized when they are known. The
graph takes one window at a time, so there is no mask in it: what a text scores never
depends on what it was judged beside.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from bot.training.guard.encoder import Encoder

__all__ = ["MAX_WEIGHT", "export", "quantize"]

Array = NDArray[np.float32]

MAX_WEIGHT = 63  # of a signed weight: 255 x 63 x 2 fits into the 16 bits of old AVX2
MAX_PIECE = 127  # embeddings are only looked up
OPSET, IR_VERSION = 20, 10


def quantize(
    weights: Array, *, largest: int
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return whole numbers and the scale of each row: weights ~ numbers * scales."""
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-8) / largest
    numbers = np.rint(weights / scales[:, None]).clip(-largest, largest)
    return numbers.astype(np.int8), scales.astype(np.float32)


def export(encoder: Encoder, path: Path) -> None:
    """Write the graph: "ids" (1, T) int64 → "logits" (1, C) float32."""
    graph = _Graph({name: _array(t) for name, t in encoder.state_dict().items()})
    shape = encoder.shape
    x = graph.embed(shape.epsilon)
    for number in range(shape.num_layers):
        x = graph.layer(x, f"layers.{number}", shape.num_heads, shape.epsilon)
    pooled = graph.node("ReduceMean", [x, graph.whole([1])], keepdims=0)
    graph.node(
        "Gemm",
        [pooled, graph.keep("head.weight"), graph.keep("head.bias")],
        transB=1,
        output="logits",
    )
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "hearthguard",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [
                helper.make_tensor_value_info(
                    "logits", TensorProto.FLOAT, [1, shape.num_outputs]
                )
            ],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="hearthbot",
    )
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def _array(tensor: Tensor) -> Array:
    array: Array = tensor.detach().cpu().float().numpy()
    return array


class _Graph:
    """Nodes and constants as they are added; every result has a name of its own."""

    def __init__(self, weights: dict[str, Array]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._weights = weights

    def node(
        self, kind: str, inputs: list[str], *, output: str = "", **attributes: Any
    ) -> str:
        name = output or f"{kind}.{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(kind, inputs, [name], name=name, **attributes)
        )
        return name

    def constant(self, array: NDArray[np.generic], name: str = "") -> str:
        name = name or f"constant.{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def whole(self, numbers: list[int]) -> str:
        return self.constant(np.array(numbers, dtype=np.int64))

    def keep(self, name: str) -> str:
        return self.constant(self._weights[name], name)

    def embed(self, epsilon: float) -> str:
        numbers, scales = quantize(self._weights["pieces.weight"], largest=MAX_PIECE)
        found = self.node("Gather", [self.constant(numbers), "ids"])  # (1, T, W)
        scale = self.node("Gather", [self.constant(scales[:, None]), "ids"])
        pieces = self.node(
            "Mul", [self.node("Cast", [found], to=TensorProto.FLOAT), scale]
        )
        tokens = self.node("Shape", ["ids"], start=1, end=2)
        start, step = self.whole([0]), self.whole([1])
        places = self.node(
            "Slice", [self.keep("positions.weight"), start, tokens, start, step]
        )
        return self.norm(self.node("Add", [pieces, places]), "embedded", epsilon)

    def norm(self, x: str, name: str, epsilon: float) -> str:
        weights = [self.keep(f"{name}.weight"), self.keep(f"{name}.bias")]
        return self.node("LayerNormalization", [x, *weights], axis=-1, epsilon=epsilon)

    def linear(self, x: str, name: str) -> str:
        """Multiply whole numbers and scale the result back."""
        numbers, scales = quantize(self._weights[f"{name}.weight"], largest=MAX_WEIGHT)
        quantized = f"{name}.x"
        scale, zero = f"{name}.x_scale", f"{name}.x_zero"
        self.nodes.append(
            helper.make_node("DynamicQuantizeLinear", [x], [quantized, scale, zero])
        )
        product = self.node(
            "MatMulInteger",
            [quantized, self.constant(np.ascontiguousarray(numbers.T)), zero],
        )
        whole = self.node("Cast", [product], to=TensorProto.FLOAT)
        both = self.node("Mul", [scale, self.constant(scales)])
        return self.node(
            "Add", [self.node("Mul", [whole, both]), self.keep(f"{name}.bias")]
        )

    def layer(self, x: str, name: str, num_heads: int, epsilon: float) -> str:
        heads = self.node(
            "Reshape",
            [self.linear(x, f"{name}.attend"), self.whole([0, 0, 3, num_heads, -1])],
        )
        heads = self.node("Transpose", [heads], perm=[2, 0, 3, 1, 4])
        parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
        self.nodes.append(
            helper.make_node("Split", [heads], parts, axis=0, num_outputs=3)
        )
        query, key, value = (
            self.node("Squeeze", [part, self.whole([0])]) for part in parts
        )
        width = self._weights[f"{name}.gather.bias"].size
        root = self.constant(np.array((width / num_heads) ** -0.5, dtype=np.float32))
        turned = self.node("Transpose", [key], perm=[0, 1, 3, 2])
        near = self.node("MatMul", [self.node("Mul", [query, root]), turned])
        seen = self.node("MatMul", [self.node("Softmax", [near], axis=-1), value])
        seen = self.node("Transpose", [seen], perm=[0, 2, 1, 3])
        seen = self.node("Reshape", [seen, self.whole([0, 0, width])])
        gathered = self.linear(seen, f"{name}.gather")
        x = self.norm(self.node("Add", [x, gathered]), f"{name}.attended", epsilon)
        inner = self.node("Gelu", [self.linear(x, f"{name}.widen")])
        narrowed = self.linear(inner, f"{name}.narrow")
        return self.norm(self.node("Add", [x, narrowed]), f"{name}.changed", epsilon)
