"""How often the gate cries wolf, and how often it sees the wolf: plays pairs of runs of which the truth is known.

    simulate(100)            → Row(items=100, drop=0.0, pairs=1000, worse=0.02, …)       a false alarm
    simulate(100, drop=0.1)  → Row(items=100, drop=0.1, pairs=1000, worse=0.79, …)       a true drop, caught

Each pair is judged by the comparison itself, all measures together, as `qa eval --baseline` judges it.

The world that is played. An item is right in the old run with probability `accuracy` (.80). In the new run a right item
breaks with probability (noise + drop) / accuracy, and a wrong one heals with noise / (1 - accuracy), noise being .02: of
100 items, about 4 flip between two runs of one and the same system, 2 each way. That is a correlation (phi) of .87
between paired runs: less than a replay or the offline writer has (1), more than two different models have on one
benchmark (.3 to .7 in Miller 2024, "Adding Error Bars to Evals"). A noisier service needs more items; `noise` says how many.

The graded measures: an F1 that is 1 where right, low and uneven where wrong; four of retrieval and citation that move
with the verdict more or less often. All are a little blurred from run to run. Items come in clusters of one or two,
which flip together. None is critical, for one of these that breaks is an alarm by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from qa.evaluation.comparison import compare
from qa.evaluation.results import Result, Run

_ECHOES = (0.3, 0.5, 0.5, 0.7)
"""How often a measure moves with the verdict: article found, reciprocal rank, nDCG, citation precision."""


@dataclass(frozen=True, slots=True)
class Row:
    """Shares of the simulated pairs. `worse` to `cannot_tell`: what the gate said; `right_worse`: by right and wrong alone."""

    items: int
    drop: float
    pairs: int
    worse: float
    better: float
    same: float
    cannot_tell: float
    right_worse: float


@dataclass(frozen=True, slots=True)
class Bound:
    """What a row promises: `worse` is at most, or at least, `share`."""

    items: int
    drop: float
    share: float

    def holds(self, row: Row) -> bool:
        return row.worse >= self.share if self.drop else row.worse <= self.share

    def __str__(self) -> str:
        return f"at {'least' if self.drop else 'most'} {self.share:.0%}"


PAIRS = 1000
BOUNDS = (Bound(100, 0.0, 0.05), Bound(200, 0.0, 0.05), Bound(100, 0.1, 0.65), Bound(200, 0.1, 0.95))


def table(
    pairs: int, bounds: Sequence[Bound] = BOUNDS, progress: Callable[[int], None] = lambda _done: None
) -> Iterator[tuple[Row, Bound]]:
    """Each bound with what was found. `progress` is told how many pairs have been played."""
    played = 0
    for bound in bounds:
        yield simulate(bound.items, bound.drop, pairs, progress=partial(_further, progress, played)), bound
        played += pairs


def _further(progress: Callable[[int], None], before: int, done: int) -> None:
    progress(before + done)


def lines(found: Iterable[tuple[Row, Bound]]) -> Iterator[str]:
    """The table in plain text."""
    yield "items  true drop  pairs   worse  promised       better   same  cannot tell  worse by right answers alone"
    for row, bound in found:
        kept = "" if bound.holds(row) else "  NOT KEPT"
        yield (
            f"{row.items:>5}  {row.drop:>9.0%}  {row.pairs:>5}  {row.worse:>6.1%}  {bound!s:<12}  {row.better:>6.1%}"
            f"  {row.same:>5.1%}  {row.cannot_tell:>11.1%}  {row.right_worse:>28.1%}{kept}"
        )


def simulate(
    items: int,
    drop: float = 0.0,
    pairs: int = 1000,
    accuracy: float = 0.8,
    noise: float = 0.02,
    seed: int = 20250919,
    resamples: int = 1000,
    progress: Callable[[int], None] = lambda _done: None,
) -> Row:
    """Compares `pairs` pairs of runs over so many items, of which the second is truly worse by `drop`."""
    rng = np.random.default_rng(seed)
    verdicts: list[str] = []
    right: list[bool] = []
    for done in range(pairs):
        progress(done)
        found = compare(*_runs(items, drop, accuracy, noise, rng), resamples=resamples)
        verdicts.append(found.verdict)
        right.append(found.measures[0].judgement == "worse")
    worse, better, same, unknown = (verdicts.count(v) / pairs for v in ("worse", "better", "same", "cannot tell"))
    return Row(items, drop, pairs, worse, better, same, unknown, sum(right) / pairs)


def _runs(items: int, drop: float, accuracy: float, noise: float, rng: np.random.Generator) -> tuple[Run, Run]:
    clusters = _clusters(items, rng)
    old = rng.random(items) < accuracy
    # One draw a cluster: what breaks one question breaks its neighbour, where both were right.
    draw = rng.random(items)[clusters]
    new = np.where(old, draw >= (noise + drop) / accuracy, draw < noise / (1 - accuracy))
    # What a wrong answer shares with the right one belongs to the item, and so to both runs.
    shared = rng.beta(1, 4, items)
    echoes = [rng.random(items) < often for often in _ECHOES]
    return _run(old, shared, echoes, clusters, rng), _run(new, shared, echoes, clusters, rng)


def _run(
    right: np.ndarray,
    shared: np.ndarray,
    echoes: Sequence[np.ndarray],
    clusters: np.ndarray,
    rng: np.random.Generator,
) -> Run:
    def blurred(values: np.ndarray) -> list[float]:
        return [float(value) for value in np.clip(values - rng.exponential(0.01, len(values)), 0, 1)]

    f1 = blurred(np.where(right, 1.0, shared))
    hit, mrr, ndcg, precision = (blurred(np.where(right | ~echo, 1.0, shared)) for echo in echoes)
    return Run("", {}, tuple(
        Result(
            id=str(n), trial=1, cluster=str(clusters[n]), question="", answerable=True, reason="",
            verdict="right" if right[n] else "wrong", f1=f1[n], hit=hit[n], mrr=mrr[n], ndcg=ndcg[n],
            citation_precision=precision[n],
        )
        for n in range(len(right))
    ))  # fmt: skip


def _clusters(items: int, rng: np.random.Generator) -> np.ndarray:
    """Each item's cluster: itself, or for every fifth or so the item before it."""
    joined = rng.random(items) < 0.2
    own = np.arange(items)
    joined[0] = False
    joined[1:] &= ~joined[:-1]
    return np.where(joined, own - 1, own)
