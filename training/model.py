"""BERT with a span head, in torch: all-MiniLM-L6-v2 reads a question and a passage, and scores where an answer starts and ends.

    model = Reader.from_base(base_weights())
    starts, ends = model(ids, segments, mask)          # two float32 [batch, length] of logits

The first position, [CLS], stands for "not here" (Devlin et al. 2019, section 4.3). The parameters keep the names of the
published weights, so that what is trained can be laid over them; `head.weight` [2, hidden] and `head.bias` [2] are new.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.base import WEIGHTS, base_folder

HEADS, EPSILON = 12, 1e-12
FROZEN = "embeddings.word_embeddings.weight"
"""47 of the model's 91 MB: kept as published, it need not be shipped again, and questions on new words lose nothing."""


def base_weights() -> dict[str, Tensor]:
    from safetensors.torch import load_file

    weights = load_file(base_folder() / WEIGHTS)
    return {name: values for name, values in weights.items() if values.is_floating_point() and "pooler" not in name}


class Layer(nn.Module):
    """One layer of BERT. States are [batch, length, hidden]."""

    def __init__(self, hidden: int, inner: int) -> None:
        super().__init__()
        self.qkv = nn.Linear(hidden, 3 * hidden)  # three projections in one product
        self.out, self.up, self.down = nn.Linear(hidden, hidden), nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.norm1, self.norm2 = nn.LayerNorm(hidden, EPSILON), nn.LayerNorm(hidden, EPSILON)

    def forward(self, states: Tensor, bias: Tensor | None) -> Tensor:
        batch, length, hidden = states.shape
        projected = self.qkv(states).view(batch, length, 3, HEADS, hidden // HEADS)
        query, key, value = projected.permute(2, 0, 3, 1, 4).contiguous()
        # Written out: on a CPU this took half the time of scaled_dot_product_attention, most of all backwards.
        scores = (query * (hidden // HEADS) ** -0.5) @ key.transpose(-1, -2)
        attended = torch.softmax(scores if bias is None else scores + bias, -1) @ value
        states = self.norm1(states + self.out(attended.transpose(1, 2).reshape(batch, length, hidden)))
        found: Tensor = self.norm2(states + self.down(functional.gelu(self.up(states))))
        return found


_IN_LAYER = {
    "out": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm2": "output.LayerNorm",
}
_QKV = [f"attention.self.{name}" for name in ("query", "key", "value")]


class Reader(nn.Module):
    def __init__(self, hidden: int, inner: int, layers: int, vocabulary: int, places: int) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, hidden)
        self.words.requires_grad_(False)
        self.places, self.segments = nn.Embedding(places, hidden), nn.Embedding(2, hidden)
        self.norm = nn.LayerNorm(hidden, EPSILON)
        self.layers = nn.ModuleList(Layer(hidden, inner) for _ in range(layers))
        self.head = nn.Linear(hidden, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    @classmethod
    def from_base(cls, weights: dict[str, Tensor]) -> "Reader":
        vocabulary, hidden = weights[FROZEN].shape
        layers = sum(name.endswith("intermediate.dense.bias") for name in weights)
        inner = weights["encoder.layer.0.intermediate.dense.bias"].numel()
        places = weights["embeddings.position_embeddings.weight"].shape[0]
        model = cls(hidden, inner, layers, vocabulary, places)
        model.load_published(weights)
        return model

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """All int64 [batch, length]; segments are 0 for the question and 1 for the passage, mask is 0 on padding.

        Logits on padding are -inf; the caller keeps the question out.
        """
        padding = mask == 0
        with torch.no_grad():
            words = self.words(ids)
        # One-hot, for the gradient of a lookup would be summed in bfloat16.
        segment = functional.one_hot(segments, 2).to(words.dtype) @ self.segments.weight
        states = self.norm(words + self.places.weight[: ids.shape[1]] + segment)
        bias = None
        if bool(padding.any()):
            bias = torch.zeros_like(mask, dtype=states.dtype).masked_fill(padding, -math.inf)[:, None, None, :]
        for layer in self.layers:
            states = layer(states, bias)
        starts, ends = self.head(states).float().masked_fill(padding[..., None], -math.inf).unbind(-1)
        return starts, ends

    def published(self) -> dict[str, Tensor]:
        """All parameters by the names that the published weights have."""
        found = {
            FROZEN: self.words.weight,
            "embeddings.position_embeddings.weight": self.places.weight,
            "embeddings.token_type_embeddings.weight": self.segments.weight,
            "embeddings.LayerNorm.weight": self.norm.weight,
            "embeddings.LayerNorm.bias": self.norm.bias,
            "head.weight": self.head.weight,
            "head.bias": self.head.bias,
        }
        for number, layer in enumerate(self.layers):
            for kind in ("weight", "bias"):
                for own, theirs in _IN_LAYER.items():
                    found[f"encoder.layer.{number}.{theirs}.{kind}"] = getattr(getattr(layer, own), kind)
                for theirs, part in zip(_QKV, getattr(layer.qkv, kind).chunk(3), strict=True):
                    found[f"encoder.layer.{number}.{theirs}.{kind}"] = part
        return {name: values.detach() for name, values in found.items()}

    def load_published(self, weights: dict[str, Tensor]) -> None:
        """Lays weights over the parameters; those that are not named stay."""
        for name, values in self.published().items():
            if name in weights:
                values.copy_(weights[name])
