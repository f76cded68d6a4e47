"""How often the gate cries wolf, and how often it sees the wolf: `simulate()` plays pairs of runs with a known truth.

    table()[0]  → Row(items=100, drop=0.0, pairs=1000, worse=0.012, better=…, same=…, cannot_tell=…, either=…)

The world that is played. An item is right in the old run with probability `accuracy` (.80). In the new run a right item
breaks with probability (noise + drop) / accuracy, and a wrong one heals with noise / (1 - accuracy), noise being .02: of
100 items, about 4 flip between two runs of one and the same system, 2 each way. That is a correlation (phi) of .87
between paired runs: less than a replay or the offline writer has (1), more than two different models have on one
benchmark (.3 to .7 in Miller 2024, "Adding Error Bars to Evals"). A noisier service needs more items; `noise` says how many.

Each item also has a graded measure (an F1): 1 where right, low and uneven where wrong, a little blurred. Items come in
clusters of one or two, which flip together. An alarm is *worse* on either measure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation.statistics import compare_graded, compare_shares


@dataclass(frozen=True, slots=True)
class Row:
    """Shares of the simulated pairs. `alarm`: worse by right and wrong, or by the graded measure, or both."""

    items: int
    drop: float
    pairs: int
    worse: float
    better: float
    same: float
    cannot_tell: float
    graded_worse: float
    alarm: float


def simulate(
    items: int,
    drop: float = 0.0,
    pairs: int = 1000,
    accuracy: float = 0.8,
    noise: float = 0.02,
    seed: int = 20250919,
    resamples: int = 1000,
) -> Row:
    """Compares `pairs` pairs of runs over so many items, of which the second is truly worse by `drop`."""
    rng = np.random.default_rng(seed)
    judged: list[str] = []
    graded_worse: list[bool] = []
    for _ in range(pairs):
        clusters = _clusters(items, rng)
        old = rng.random(items) < accuracy
        # One draw a cluster: what breaks one question breaks its neighbour, where both were right.
        draw = rng.random(items)[clusters]
        new = np.where(old, draw >= (noise + drop) / accuracy, draw < noise / (1 - accuracy))
        judged.append(compare_shares(old.tolist(), new.tolist()).judgement)
        # What a wrong answer shares with the right one belongs to the item, and so to both runs.
        partial = rng.beta(1, 4, items)
        graded = [np.where(run, 1.0, partial) - rng.exponential(0.01, items) for run in (old, new)]
        names = [str(c) for c in clusters]
        change = compare_graded(graded[0].tolist(), graded[1].tolist(), names, resamples=resamples)
        graded_worse.append(change.judgement == "worse")
    alarms = [j == "worse" or g for j, g in zip(judged, graded_worse, strict=True)]
    worse, better, same, unknown = (judged.count(j) / pairs for j in ("worse", "better", "same", "cannot tell"))
    return Row(items, drop, pairs, worse, better, same, unknown, sum(graded_worse) / pairs, sum(alarms) / pairs)


def _clusters(items: int, rng: np.random.Generator) -> np.ndarray:
    """Each item's cluster: itself, or for every fifth or so the item before it."""
    joined = rng.random(items) < 0.2
    own = np.arange(items)
    joined[0] = False
    joined[1:] &= ~joined[:-1]
    return np.where(joined, own - 1, own)


def table(pairs: int = 1000, sizes: Sequence[int] = (100, 200)) -> list[Row]:
    """No change, and a true drop of ten points, at each size."""
    return [simulate(items, drop, pairs) for drop in (0.0, 0.1) for items in sizes]
