"""Builds the embedded model's ONNX graph from its published weights, out of onnxruntime's own fused operators.

    sentence_model(Path("model.safetensors").read_bytes())     # the bytes of an ONNX file, 45 MB

The model is BERT (Devlin et al. 2019): each token's vector, the sum of its word's, its place's and its segment's, goes
through layers of attention and a two-layer network. A head makes the answer of the last layer's vectors, the states:

    graph = Graph(weights)
    states = encoder(graph)                                    # "…": float32 [batch, length, hidden]
    graph.output(sentence_head(graph, states), "embedding")    # another head makes another model

The reader is the same model trained on to find answers: `reader_model` lays what was trained over the published weights.

Imports onnx, which only building needs.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from qa.adapters.safetensors import Array, dequantized, read

FUSED = "com.microsoft"
"""The domain of onnxruntime's own operators: stated here, they need not be searched for at each start."""
HEAD_SIZE = 32
EPSILON = 1e-12


class Graph:
    """Nodes, constants and outputs of a model whose inputs are all int64 [batch, length]."""

    def __init__(self, weights: dict[str, Array], inputs: Sequence[str] = ("input_ids", "attention_mask")) -> None:
        self.weights = weights
        self.inputs = inputs
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._outputs: list[Any] = []

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """The name of the new node's output."""
        name = f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], domain=domain, **attributes))
        return name

    def constant(self, values: Array) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def weight(self, values: Array | str) -> str:
        """Float32, kept as float16: half the file for 1e-6 of cosine. onnxruntime widens it once, when it loads."""
        found = self.weights[values] if isinstance(values, str) else values
        return self.add("Cast", self.constant(found.astype(np.float16)), to=TensorProto.FLOAT)

    def dense(self, states: str, layer: str) -> str:
        """states · weightᵀ; the bias is left to the fused operator that comes next."""
        return self.add("MatMul", states, self.weight(self.weights[f"{layer}.weight"].T))

    def output(self, name: str, public: str) -> None:
        self._nodes.append(helper.make_node("Identity", [name], [public]))
        self._outputs.append(helper.make_tensor_value_info(public, TensorProto.FLOAT, None))

    def serialized(self) -> bytes:
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in self.inputs]
        graph = helper.make_graph(self._nodes, "bert", inputs, self._outputs, self._constants)
        # The oldest versions that have all we use, so that older onnxruntimes read the file too.
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
        content: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
        return content


def sentence_model(safetensors: bytes) -> bytes:
    """The ONNX model whose output "embedding" is float32 [batch, hidden], each row of length 1."""
    graph = Graph(read(safetensors)[0])
    graph.output(sentence_head(graph, encoder(graph)), "embedding")
    return graph.serialized()


def reader_model(published: bytes, trained: bytes) -> bytes:
    """The ONNX model whose output "spans" is float32 [batch, length, 2]: logits of an answer's first and last token.

    `trained` is what training/ makes: the weights that differ from the published ones, with those of the span head.
    """
    weights = read(published)[0] | dequantized(read(trained)[0])
    graph = Graph(weights, ("input_ids", "attention_mask", "token_type_ids"))
    graph.output(span_head(graph, encoder(graph)), "spans")
    return graph.serialized()


def encoder(graph: Graph) -> str:
    """Adds embeddings and all layers that there are weights for; gives the name of the states."""
    states = _embeddings(graph)
    mask = graph.add("Cast", "attention_mask", to=TensorProto.INT32)
    layer = 0
    while f"encoder.layer.{layer}.output.dense.weight" in graph.weights:
        states = _layer(graph, f"encoder.layer.{layer}", states, mask)
        layer += 1
    return states


def sentence_head(graph: Graph, states: str) -> str:
    """The mean of the states, padding left out, at length 1; the sum will do, for it points the same way.

    A MatMul, not a ReduceSum: that adds in another order when the batch is larger, which changes the last bits.
    """
    weights = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    one = graph.constant(np.array([1], np.int64))
    summed = graph.add("MatMul", graph.add("Unsqueeze", weights, one), states)
    return graph.add("LpNormalization", graph.add("Squeeze", summed, one), axis=-1, p=2)


def span_head(graph: Graph, states: str) -> str:
    """Two logits for each token."""
    scores = graph.add("MatMul", states, graph.weight(graph.weights["head.weight"].T))
    return graph.add("Add", scores, graph.weight("head.bias"))


def _embeddings(graph: Graph) -> str:
    # Looked up as float16, then widened: widening the table of 30,522 words at each start would cost time and 47 MB.
    words = graph.constant(graph.weights["embeddings.word_embeddings.weight"].astype(np.float16))
    word = graph.add("Cast", graph.add("Gather", words, "input_ids"), to=TensorProto.FLOAT)
    segments = graph.weights["embeddings.token_type_embeddings.weight"]
    # Where segments are not told apart, all is the first.
    places = graph.weight(graph.weights["embeddings.position_embeddings.weight"] + segments[0])
    zero = graph.constant(np.array([0], np.int64))
    place = graph.add("Slice", places, zero, graph.add("Shape", "input_ids", start=1, end=2), zero)
    summed = graph.add("Add", word, place)
    if "token_type_ids" in graph.inputs:
        beyond = graph.weight(segments - segments[0])
        summed = graph.add("Add", summed, graph.add("Gather", beyond, "token_type_ids"))
    scale, shift = (graph.weight(f"embeddings.LayerNorm.{name}") for name in ("weight", "bias"))
    return graph.add("LayerNormalization", summed, scale, shift, epsilon=EPSILON)


def _layer(graph: Graph, layer: str, states: str, mask: str) -> str:
    self_attention = [f"{layer}.attention.self.{name}" for name in ("query", "key", "value")]
    projections = graph.weight(np.concatenate([graph.weights[f"{name}.weight"] for name in self_attention]).T)
    biases = graph.weight(np.concatenate([graph.weights[f"{name}.bias"] for name in self_attention]))
    heads = graph.weights[f"{layer}.output.dense.bias"].size // HEAD_SIZE
    attended = graph.add("Attention", states, projections, biases, mask, domain=FUSED, num_heads=heads)
    states = _added(graph, f"{layer}.attention.output", attended, states)
    inner = graph.dense(states, f"{layer}.intermediate.dense")
    # GELU in its exact form, with erf; the approximation with tanh is no faster here.
    inner = graph.add("BiasGelu", inner, graph.weight(f"{layer}.intermediate.dense.bias"), domain=FUSED)
    return _added(graph, f"{layer}.output", inner, states)


def _added(graph: Graph, name: str, inner: str, states: str) -> str:
    """LayerNorm(states + inner · weightᵀ + bias)."""
    parameters = [graph.weight(f"{name}.{p}") for p in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")]
    dense = graph.dense(inner, f"{name}.dense")
    return graph.add("SkipLayerNormalization", dense, states, *parameters, domain=FUSED, epsilon=EPSILON)
