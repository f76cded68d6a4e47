"""Tells a change from noise: paired tests, intervals, and what so many items can show at all.

    compare_shares([True] * 90 + [False] * 10, [True] * 80 + [False] * 20)
        → Change("worse", difference=-0.1, …, p=0.002, lost=10, gained=0)
    compare_graded(old, new, clusters)          the same for F1, reciprocal rank, recall: paired bootstrap over clusters

*better* and *worse* need a difference that noise gives in at most 5% of comparisons (both directions together).
*same* is a finding too: the 90% interval of the difference lies within the margin, 5 points to either side (two one-sided
tests at 5%: Schuirmann 1987). Everything else, most of all too few items, is *cannot tell*.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

Judgement = Literal["better", "same", "worse", "cannot tell"]

ALPHA = 0.05
"""How often, at most, a comparison of two equal systems may be called better or worse."""
MARGIN = 0.05
"""Differences smaller than this matter to nobody: one answer in twenty."""
POWER = 0.8
RESAMPLES = 4000
_MIN_CLUSTERS = 8
"""With fewer, resampling gives intervals that are far too narrow."""


@dataclass(frozen=True, slots=True)
class Change:
    """A measure in two runs over the same items. `low` and `high`: the 95% interval of the difference, new minus old."""

    judgement: Judgement
    items: int
    difference: float
    low: float
    high: float
    p: float
    detectable: float
    """The smallest true change that this many items would show in four of five comparisons; inf if none."""
    lost: int = 0
    gained: int = 0
    no_worse: bool = False
    """Whether a drop of the margin or more can be ruled out (5%, one-sided), whatever can be said of a gain."""


def mcnemar(lost: int, gained: int) -> float:
    """Exact two-sided p of so many items turning wrong and right if both are as likely (McNemar 1947, binomial).

    mcnemar(10, 2) = 2 · (1 + 12 + 66) / 2¹² = 0.0386
    """
    n = lost + gained
    tail = sum(math.comb(n, k) for k in range(min(lost, gained) + 1))
    return min(1.0, float(2 * tail / 2**n))


def wilson(right: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The interval of a share (Wilson 1927); (0, 1) for no items."""
    if not n:
        return 0.0, 1.0
    share = right / n
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def cohen_kappa(a: Sequence[object], b: Sequence[object]) -> float:
    """Agreement of two raters beyond chance (Cohen 1960); 1 where both know one and the same label only, nan for none."""
    if len(a) != len(b):
        raise ValueError("the raters judged different numbers of items")
    n = len(a)
    if not n:
        return math.nan
    agreed = sum(x == y for x, y in zip(a, b, strict=True)) / n
    labels = set(a) | set(b)
    chance = sum((list(a).count(label) / n) * (list(b).count(label) / n) for label in labels)
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


def pass_hat_k(passes: int, trials: int, k: int) -> float:
    """The chance that k fresh trials all pass: C(passes, k) / C(trials, k), unbiased (Yao et al. 2024, tau-bench)."""
    if not 1 <= k <= trials:
        raise ValueError(f"k is {k}, of {trials} trials")
    return math.comb(passes, k) / math.comb(trials, k)


def tango(lost: int, gained: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The score interval of the difference of two paired shares, (gained - lost) / n (Tango 1998).

    Unlike the textbook's it has width even where no item changed: ± z² / (n + z²), so ten equal items are not "the same".
    """
    if not n:
        return -1.0, 1.0
    found = (gained - lost) / n

    def score(delta: float) -> float:
        a = 2 * n
        b = -gained - lost + (2 * n - gained + lost) * delta
        c = -lost * delta * (1 - delta)
        q = (math.sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
        variance = n * (2 * q + delta * (1 - delta))
        return (
            (gained - lost - n * delta) / math.sqrt(variance)
            if variance > 0
            else math.copysign(math.inf, found - delta)
        )

    return _root(score, -1.0, found, z), _root(score, found, 1.0, -z)


def _root(falling: Callable[[float], float], low: float, high: float, target: float) -> float:
    """Where a falling function takes a value, by halving."""
    for _ in range(60):
        middle = (low + high) / 2
        if falling(middle) > target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def compare_shares(old: Sequence[bool], new: Sequence[bool], margin: float = MARGIN, alpha: float = ALPHA) -> Change:
    """Right and wrong, item by item, of two runs."""
    if len(old) != len(new):
        raise ValueError("the runs hold different numbers of items")
    n = len(old)
    lost = sum(a and not b for a, b in zip(old, new, strict=True))
    gained = sum(b and not a for a, b in zip(old, new, strict=True))
    p = mcnemar(lost, gained)
    low, high = tango(lost, gained, n)
    inner = tango(lost, gained, n, 1.644854)
    difference = (gained - lost) / n if n else 0.0
    judgement = _judge(difference, p <= alpha, inner, margin)
    noise = min(lost, gained) / n if n else 0.0
    return Change(
        judgement, n, difference, low, high, p, minimal_detectable(n, noise), lost, gained, inner[0] > -margin
    )


def _judge(difference: float, significant: bool, inner: tuple[float, float], margin: float) -> Judgement:
    # In this order: a small drop that is certain is still one, or many of them would add up unseen.
    if significant:
        return "better" if difference > 0 else "worse"
    return "same" if -margin < inner[0] and inner[1] < margin else "cannot tell"


def compare_graded(
    old: Sequence[float],
    new: Sequence[float],
    clusters: Sequence[str],
    margin: float = MARGIN,
    alpha: float = ALPHA,
    seed: int = 20250919,
    resamples: int = RESAMPLES,
) -> Change:
    """Graded measures of two runs, resampled by cluster (paired bootstrap: Efron & Tibshirani 1993, §13).

    Each resample's distance from the mean is widened by sqrt(m / (m - 1)), m clusters (Hesterberg 2015). Where few
    clusters differ the bootstrap still calls 4.5 of 100 equal pairs worse instead of 2.5; so a change must be beyond
    chance by flipping the clusters' signs too (a randomisation test: Fisher 1935), whose p is the one that is shown.
    Seeded: the same runs give the same numbers. Several measures share `alpha`: pass 0.05 / their number.
    """
    if not len(old) == len(new) == len(clusters):
        raise ValueError("the runs hold different numbers of items")
    n = len(old)
    differences = np.asarray(new, dtype=float) - np.asarray(old, dtype=float)
    if not np.isfinite(differences).all():
        raise ValueError("a measure is not a number")
    _, index = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    sums, sizes = np.bincount(index, differences), np.bincount(index)
    m = len(sums)
    mean = float(differences.mean()) if n else 0.0
    if m < _MIN_CLUSTERS:
        return Change("cannot tell", n, mean, -1.0, 1.0, 1.0, math.inf)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, m, (resamples, m))
    means = mean + (sums[drawn].sum(1) / sizes[drawn].sum(1) - mean) * math.sqrt(m / (m - 1))
    low, high, inner_low, inner_high = (float(q) for q in np.quantile(means, (alpha / 2, 1 - alpha / 2, 0.05, 0.95)))
    flipped = np.abs(rng.choice((-1.0, 1.0), (resamples, m)) @ sums)
    p = (1 + int((flipped >= abs(sums.sum()) - 1e-12).sum())) / (resamples + 1)
    # Equal scores on few items do not show sameness: never narrower than Tango's interval of so many equal pairs.
    floor = 1.644854**2 / (m + 1.644854**2)
    inner = (min(inner_low, mean - floor), max(inner_high, mean + floor))
    judgement = _judge(mean, p <= alpha and not low <= 0 <= high, inner, margin)
    detectable = (1.959964 + 0.841621) * float(means.std())
    return Change(judgement, n, mean, low, high, p, detectable or minimal_detectable(m))


@lru_cache(maxsize=512)
def minimal_detectable(n: int, noise: float = 0.02, alpha: float = ALPHA, power: float = POWER) -> float:
    """The smallest true drop (or gain) that McNemar's exact test finds with this power among n items; inf if none.

    `noise` is the share of items that change in the other direction meanwhile. Exact: summed over the binomial counts.
    """
    if _power(n, 1 - noise, noise, alpha) < power:
        return math.inf
    low, high = 0.0, 1 - 2 * noise
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if _power(n, middle + noise, noise, alpha) >= power else (middle, high)
    return high


def _power(n: int, worse: float, better: float, alpha: float) -> float:
    """The chance of p <= alpha where items are lost and gained at these rates."""
    moved = worse + better
    if not n or moved <= 0:
        return 0.0
    total = 0.0
    for k in range(n + 1):
        weight = _binomial(n, k, min(moved, 1.0))
        if weight < 1e-9:
            continue
        total += weight * sum(_binomial(k, c, worse / moved) for c in range(_critical(k, alpha), k + 1))
    return total


@lru_cache(maxsize=4096)
def _critical(moved: int, alpha: float) -> int:
    """The least number lost, of so many that moved, that McNemar's test calls significant; moved + 1 if none is."""
    tail = 0.0
    for gained in range(moved + 1):
        tail += _binomial(moved, gained, 0.5)
        if 2 * tail > alpha:
            return moved - gained + 1
    return 0


def _binomial(n: int, k: int, p: float) -> float:
    if p in (0.0, 1.0):
        return float(k == n * p)
    logs = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(logs + k * math.log(p) + (n - k) * math.log1p(-p))
