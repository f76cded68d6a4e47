"""SQuAD 2.0's metric: exact match and F1 over normalised words, best of the gold answers (Rajpurkar et al. 2018).

f1("the Seine", ["Seine river"])     # 0.67
"""

import math
import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_PUNCTUATION = frozenset(string.punctuation)


@dataclass(frozen=True)
class Prediction:
    """What was read for one question: the best span's words, and by how much it is likelier than "not here"."""

    answer: str
    margin: float
    """Logits: start + end of the span, less start + end of [CLS]."""
    gold: Sequence[str]
    """None where the passage does not answer."""
    own: float = 0.0
    """The log of the probability that the model gives to the span's start and end."""


def normalised(text: str) -> list[str]:
    """Lower-case words without punctuation and articles, as the official script has them."""
    kept = "".join(character for character in text.lower() if character not in _PUNCTUATION)
    return re.sub(r"\b(a|an|the)\b", " ", kept).split()


def exact(answer: str, gold: Sequence[str]) -> float:
    return float(any(normalised(answer) == normalised(right) for right in gold or [""]))


def f1(answer: str, gold: Sequence[str]) -> float:
    return max(_f1(normalised(answer), normalised(right)) for right in gold or [""])


def figures(predictions: Sequence[Prediction], threshold: float) -> dict[str, float]:
    """Percentages. An answer is given where its margin is above the threshold, "" elsewhere.

    `best_span_…` takes the best span of each answerable question, whatever its margin: reading without abstaining.
    """
    given = [p.answer if p.margin > threshold else "" for p in predictions]
    exacts = [exact(answer, p.gold) for answer, p in zip(given, predictions, strict=True)]
    f1s = [f1(answer, p.gold) for answer, p in zip(given, predictions, strict=True)]
    has = [place for place, p in enumerate(predictions) if p.gold]
    without = [place for place, p in enumerate(predictions) if not p.gold]
    return {
        "items": len(predictions),
        "em": _percent(exacts),
        "f1": _percent(f1s),
        "has_answer_items": len(has),
        "has_answer_em": _percent([exacts[place] for place in has]),
        "has_answer_f1": _percent([f1s[place] for place in has]),
        "best_span_em": _percent([exact(predictions[place].answer, predictions[place].gold) for place in has]),
        "best_span_f1": _percent([f1(predictions[place].answer, predictions[place].gold) for place in has]),
        "no_answer_accuracy": _percent([exacts[place] for place in without]),
        "threshold": round(threshold, 3),
    }


def best_threshold(predictions: Sequence[Prediction]) -> float:
    """The margin above which to answer, for the highest mean F1; half-way to the next margin."""
    ranked = sorted(predictions, key=lambda p: -p.margin)
    score = best = float(sum(not p.gold for p in ranked))
    threshold = ranked[0].margin + 1 if ranked else 0.0
    for place, p in enumerate(ranked):
        score += f1(p.answer, p.gold) if p.gold else -1
        after = ranked[place + 1].margin if place + 1 < len(ranked) else p.margin - 1
        if score > best and after < p.margin:  # equal margins are answered together
            best, threshold = score, min((p.margin + after) / 2, math.nextafter(p.margin, -math.inf))
    return threshold


def _f1(given: list[str], right: list[str]) -> float:
    if not given or not right:
        return float(given == right)
    common = sum((Counter(given) & Counter(right)).values())
    return 2 * common / (len(given) + len(right))


def _percent(scores: Sequence[float]) -> float:
    return round(100 * sum(scores) / len(scores), 2) if scores else 0.0
