"""The embedded model, all-MiniLM-L6-v2: makes vectors with onnxruntime.

    model = MiniLM()
    model.embed(["When does the extension end?"])           # [[-0.0061, …]]: 384 floats, of length 1
    model.count_tokens("When does the extension end?")      # 6

`python -m qa.adapters.minilm` makes its files beforehand.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby

from qa.adapters.model_files import HINT, WEIGHTS_SHA256, ModelFiles
from qa.domain import Vector
from qa.errors import NotConfigured, QaError

GRAPH_VERSION = 1
"""Count it up with every change of the graph or the tokens that changes vectors: it tells old indexes from new ones."""
FINGERPRINT = f"all-MiniLM-L6-v2@{WEIGHTS_SHA256[:12]}-g{GRAPH_VERSION}"


def _build(weights: bytes) -> bytes:
    from qa.adapters.minilm_graph import sentence_model

    return sentence_model(weights)


FILES = ModelFiles("all-minilm-l6-v2.onnx", FINGERPRINT, _build)

MAX_TOKENS = 256
"""What the model was trained on, [CLS] and [SEP] included; the rest of a longer text is not read."""
BATCH_TOKENS = 1000
"""Twice as many are no faster, and take 30 MB more."""
PADDED_TO = 8


class MiniLM:
    """An Embedder. Loading takes 0.2 s; threads may share one.

    Raises NotConfigured where the model's files, or the libraries that run it, are not to be had.
    """

    fingerprint = FINGERPRINT
    dimensions = 384

    def __init__(self) -> None:
        self._session, self._tokenizer = FILES.open()
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
            raise NotConfigured(f"The embedded model failed: {error}.", HINT) from error
        vectors: list[Vector] = found.tolist()
        return vectors


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


if __name__ == "__main__":
    try:
        MiniLM()
    except QaError as error:
        sys.exit(str(error))
