"""Reads safetensors files: 8 bytes give the length of a JSON header, the header each tensor's place behind it.

tensors, metadata = read(Path("reader.safetensors").read_bytes())
weights = dequantized(tensors)          # all as float32
"""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SCALE = ".scale"
"""Behind a matrix's name: the scales of its blocks."""
TYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "I8": np.dtype("i1")}


def read(content: bytes) -> tuple[dict[str, Array], dict[str, str]]:
    """The tensors of TYPES, and the metadata."""
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    metadata: dict[str, str] = header.pop("__metadata__", {})
    tensors = {}
    for name, at in header.items():
        if at["dtype"] in TYPES:
            first, last = at["data_offsets"]
            values = np.frombuffer(content[start + first : start + last], TYPES[at["dtype"]])
            tensors[name] = values.reshape(at["shape"])
    return tensors, metadata


def dequantized(tensors: dict[str, Array]) -> dict[str, Array]:
    """Float32: whole numbers [rows, columns] times the scales [rows, blocks] that stand under their name with SCALE."""
    found = {}
    for name, values in tensors.items():
        if not name.endswith(SCALE):
            wide = values.astype(np.float32)
            if (scales := tensors.get(name + SCALE)) is not None:
                blocks = wide.reshape(*scales.shape, -1) * scales.astype(np.float32)[..., None]
                wide = blocks.reshape(values.shape)
            found[name] = wide
    return found
