"""The embedded reader: finds the words of a passage that answer a question, with onnxruntime.

    reader = Reader()
    reader.read("When did it open?", ["It opened in May 1901. It closed in 1960."], [[(0, 22), (23, 41)]])
        → [[Span(start=13, end=21, margin=7.9), Span(start=36, end=40, margin=-3.1)]]

It is the embedded model trained on by training/ to mark an answer's first and last token; the first position of its
input stands for "not here" (Devlin et al. 2019, section 4.3). Passages are read several at a time.
"""

import hashlib
import sys
from collections.abc import Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from qa.adapters.model_files import HINT, ModelFiles, import_libraries
from qa.domain import Span
from qa.errors import NotConfigured, QaError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

TRAINED = Path(__file__).parents[1] / "models" / "reader.safetensors"
"""What training/ made: the weights that differ from the published model's. A wheel has the graph instead."""
GRAPH_VERSION = 3

CLS, SEP = 101, 102
QUESTION_TOKENS, MAX_TOKENS = 48, 320
"""Of the question, and of question and passage together: what the reader was trained on; the rest is not read."""
ANSWER_TOKENS = 30
BATCH_TOKENS = 1000
PADDED_TO = 16


def _build(published: bytes) -> bytes:
    from qa.adapters.minilm_graph import reader_model

    return reader_model(published, TRAINED.read_bytes())


@cache
def files() -> ModelFiles:
    """Raises NotConfigured where there is neither a trained file nor a graph."""
    try:
        trained = hashlib.sha256(TRAINED.read_bytes()).hexdigest()[:12]
    except FileNotFoundError:
        trained = "packaged"
    return ModelFiles("reader.onnx", f"reader@{trained}-g{GRAPH_VERSION}", _build)


class Reader:
    """A SpanReader. Threads may share one.

    It opens its files in the background, while passages are looked for; where they are not to be had, `read` raises
    NotConfigured. Where the libraries are not, it is raised at once.
    """

    def __init__(self) -> None:
        import_libraries()
        self._opened: Future[tuple[InferenceSession, Tokenizer]] = Future()
        Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        try:
            self._opened.set_result(files().open())
        except BaseException as error:  # raised where it is waited for
            self._opened.set_exception(error)

    def read(
        self, question: str, texts: Sequence[str], bounds: Sequence[Sequence[tuple[int, int]]]
    ) -> list[list[Span | None]]:
        """Of each text the best span within each of its bounds; None for a bound that lies beyond what is read.

        Offsets are characters of the text. A margin is the logit of the span less that of "not here".
        """
        asked = self._encode(question).ids[:QUESTION_TOKENS]
        encoded = [self._encode(text) for text in texts]
        room = MAX_TOKENS - 3 - len(asked)
        lengths = [min(len(e.ids), room) for e in encoded]
        found: list[list[Span | None]] = [[] for _ in texts]
        order = sorted(range(len(texts)), key=lengths.__getitem__)
        while order:
            size = max(1, BATCH_TOKENS // _padded(lengths[order[-1]] + len(asked) + 3))
            batch, order = order[-size:], order[:-size]
            logits = self._run(asked, [encoded[place].ids[: lengths[place]] for place in batch])
            for place, scores in zip(batch, logits, strict=True):
                at = len(asked) + 2
                own = scores[at : at + lengths[place]]
                nothing = float(scores[0].sum())
                offsets = encoded[place].offsets[: lengths[place]]
                found[place] = [_best(own, nothing, offsets, bound) for bound in bounds[place]]
        return found

    def _encode(self, text: str) -> Any:
        # The tokenizer refuses half a surrogate pair, which is how Python reads bytes in another encoding.
        return self._opened.result()[1].encode(text.encode("utf-8", "replace").decode(), add_special_tokens=False)

    def _run(self, asked: Sequence[int], passages: Sequence[Sequence[int]]) -> "NDArray[Any]":
        """Logits, float32 [passages, tokens, 2]."""
        import numpy as np

        shape = (len(passages), _padded(max(map(len, passages)) + len(asked) + 3))
        ids, mask, segments = (np.zeros(shape, np.int64) for _ in range(3))
        for row, passage in enumerate(passages):
            whole = [CLS, *asked, SEP, *passage, SEP]
            ids[row, : len(whole)], mask[row, : len(whole)] = whole, 1
            segments[row, len(asked) + 2 : len(whole)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": segments}
        try:
            (found,) = self._opened.result()[0].run(["spans"], given)
        except Exception as error:  # onnxruntime's errors have no class of their own in common
            raise NotConfigured(f"The embedded reader failed: {error}.", HINT) from error
        return found  # type: ignore[no-any-return]


def best_span(starts: "NDArray[Any]", ends: "NDArray[Any]") -> tuple[int, int, float]:
    """First and last token of the span with the highest sum of logits, at most ANSWER_TOKENS long, and that sum.

    Both are float [tokens].
    """
    import numpy as np

    sums = starts[:, None] + ends[None, :]
    ordered = np.triu(np.tri(len(starts), k=ANSWER_TOKENS - 1, dtype=bool))  # the last not before the first
    first, last = divmod(int(np.where(ordered, sums, -np.inf).argmax()), len(ends))
    return first, last, float(sums[first, last])


def _best(
    scores: "NDArray[Any]", nothing: float, offsets: Sequence[tuple[int, int]], bound: tuple[int, int]
) -> Span | None:
    """The best span of tokens within the bound."""
    inside = [n for n, (start, end) in enumerate(offsets) if start >= bound[0] and end <= bound[1]]
    if not inside:
        return None
    low, high = inside[0], inside[-1] + 1
    first, last, score = best_span(scores[low:high, 0], scores[low:high, 1])
    return Span(offsets[low + first][0], offsets[low + last][1], score - nothing)


def _padded(length: int) -> int:
    return -(-length // PADDED_TO) * PADDED_TO


if __name__ == "__main__":
    try:
        files().open()
    except QaError as error:
        sys.exit(str(error))
