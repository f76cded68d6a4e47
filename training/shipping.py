"""The file that ships: what training changed, large matrices in 8 bits, as one safetensors file.

    content = pack({"head.bias": np.zeros(2, np.float32)}, {"threshold": "0.5"})
    parameters, metadata = unpack(content)

A matrix `NAME`, int8 [out, in], goes with `NAME.scale`, float16 [out, in / BLOCK]: its value is the integer times the
scale of its block of BLOCK neighbours along `in`, as ONNX's MatMulNBits has it. All else is float16. Needs numpy alone:
the format is a JSON header behind its length, then the bytes of the tensors
(https://github.com/huggingface/safetensors#format).
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.adapters.safetensors import SCALE, TYPES, dequantized, read

Floats = NDArray[np.float32]

BLOCK = 32
_NAMES = {kind: name for name, kind in TYPES.items()}


def pack(parameters: Mapping[str, Floats], metadata: Mapping[str, str]) -> bytes:
    """The layers' matrices in 8 bits, all else in 16. Raises ValueError where a number is beyond float16."""
    tensors: dict[str, NDArray[Any]] = {}
    for name, values in parameters.items():
        if name.startswith("encoder.") and values.ndim == 2:
            tensors[name], tensors[name + SCALE] = quantized(values)
        else:
            with np.errstate(over="ignore"):  # what becomes infinite is refused below
                tensors[name] = values.astype(np.float16)
        if not all(np.isfinite(tensors[part]).all() for part in (name, name + SCALE) if part in tensors):
            raise ValueError(f"{name} does not fit into float16")
    return _safetensors(tensors, metadata)


def unpack(content: bytes) -> tuple[dict[str, Floats], dict[str, str]]:
    """The parameters as float32, and the metadata."""
    tensors, metadata = read(content)
    return dequantized(tensors), metadata


def quantized(values: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Symmetric: each block's largest value becomes 127. `in` must be a multiple of BLOCK."""
    blocks = values.reshape(len(values), -1, BLOCK)
    scales = (np.abs(blocks).max(-1) / 127).astype(np.float16)
    # Divided by the scale as it is stored, so that its rounding is made up for.
    steps = np.maximum(scales.astype(np.float32), np.finfo(np.float16).tiny)[..., None]
    integers = np.clip(np.rint(blocks / steps), -127, 127).astype(np.int8)
    return integers.reshape(values.shape), scales


def _safetensors(tensors: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> bytes:
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    end = 0
    for name, values in tensors.items():
        kind = _NAMES[values.dtype]
        header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [end, end + values.nbytes]}
        end += values.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # the tensors then begin at a multiple of 8 bytes, as the format wants it
    return len(text).to_bytes(8, "little") + text + b"".join(values.tobytes() for values in tensors.values())
