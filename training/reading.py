"""Reads with the model: the best span of each question's passage, and how much likelier it is than "not here"."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from qa.adapters.reader import best_span
from training.data import Question
from training.features import Tokens, Window, allowed, arrays
from training.model import Reader
from training.scoring import Prediction

BATCH_TOKENS = 8192


@torch.inference_mode()
def read(model: Reader, tokens: Tokens, questions: Sequence[Question], device: str = "cpu") -> list[Prediction]:
    """In the questions' order. Of a passage's windows the one with the largest margin counts."""
    found: list[Prediction | None] = [None] * len(questions)
    todo = [
        (place, window)
        for place, question in enumerate(questions)
        for window in tokens.windows(question.text, question.passage.text)
    ]
    todo.sort(key=lambda item: len(item[1]))
    while todo:
        size = max(BATCH_TOKENS // len(todo[-1][1]), 1)
        batch, todo = todo[-size:], todo[:-size]
        for (place, window), (starts, ends) in zip(batch, _logits(model, [w for _, w in batch], device), strict=True):
            question, at = questions[place], window.passage_at
            first, last, score = best_span(starts[at : at + len(window.passage)], ends[at : at + len(window.passage)])
            margin = score - float(starts[0] + ends[0])
            before = found[place]
            if before is None or margin > before.margin:
                words = tokens.text(question.passage.text, window.first + first, window.first + last)
                own = score - float(_log_sum(starts) + _log_sum(ends))
                found[place] = Prediction(words, margin, question.answer_texts, own)
    return [prediction for prediction in found if prediction]


def _logits(
    model: Reader, windows: Sequence[Window], device: str
) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    ids, segments, mask = (torch.from_numpy(values).to(device) for values in arrays(windows))
    inside = allowed(windows, ids.shape[1])
    starts, ends = (np.where(inside, logits.cpu().numpy(), -np.inf) for logits in model(ids, segments, mask))
    return list(zip(starts, ends, strict=True))


def _log_sum(logits: NDArray[np.float32]) -> float:
    highest = logits.max()
    return float(highest + np.log(np.exp(logits - highest).sum()))
