"""From a margin to the probability that the best span is a right answer, and how far such probabilities can be trusted.

Calibration(shift=1.2, temperature=2.0).probability(margin=1.2)      # 0.5
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.scoring import Prediction, f1

RIGHT = 0.5
"""From this F1 on an answer counts as right: it has the gold words, perhaps with a word more or less."""
BINS = 10


@dataclass(frozen=True)
class Calibration:
    """probability = 1 / (1 + exp(-(margin - shift) / temperature)) (Platt 1999)"""

    shift: float
    temperature: float

    def probability(self, margin: float) -> float:
        return 1 / (1 + math.exp(-max(min((margin - self.shift) / self.temperature, 30), -30)))


def right(prediction: Prediction) -> bool:
    return bool(prediction.gold) and f1(prediction.answer, prediction.gold) >= RIGHT


def fitted(predictions: Sequence[Prediction], steps: int = 50) -> Calibration:
    """Logistic regression on the margin, by Newton's method, with a trace of a prior that keeps it finite."""
    features = np.array([[p.margin, 1.0] for p in predictions])
    labels = np.array([right(p) for p in predictions], float)
    weights = np.array([0.1, 0.0])
    for _ in range(steps):
        found = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        gradient = features.T @ (labels - found) - 1e-3 * weights
        hessian = (features * (found * (1 - found))[:, None]).T @ features + 1e-3 * np.eye(2)
        weights = weights + np.linalg.solve(hessian, gradient)
    slope = max(float(weights[0]), 1e-3)
    return Calibration(shift=-float(weights[1]) / slope, temperature=1 / slope)


def reliability(predictions: Sequence[Prediction], calibration: Calibration) -> dict[str, float]:
    """`ece`, the expected calibration error (Guo et al. 2017) over BINS equal bins; `auroc`, how well right answers are
    told from all others; `brier`, the mean squared error. `ece` and `auroc` in percent."""
    probabilities = np.array([calibration.probability(p.margin) for p in predictions])
    labels = np.array([right(p) for p in predictions])
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    error = sum(
        abs(probabilities[bins == place].mean() - labels[bins == place].mean()) * (bins == place).mean()
        for place in np.unique(bins)
    )
    above, below = probabilities[labels], probabilities[~labels]
    wins = (above[:, None] > below[None, :]).mean() + (above[:, None] == below[None, :]).mean() / 2
    return {
        "ece": round(100 * float(error), 2),
        "auroc": round(100 * float(wins), 2) if len(above) and len(below) else 0.0,
        "brier": round(float(((probabilities - labels) ** 2).mean()), 4),
    }
