"""The statistics against values worked by hand, and the simulated table that the gate's promises rest on."""

import math

import numpy as np
import pytest

from qa.evaluation.simulation import _clusters, simulate
from qa.evaluation.statistics import (
    cohen_kappa,
    compare_graded,
    compare_shares,
    mcnemar,
    minimal_detectable,
    pass_hat_k,
    tango,
    wilson,
)


@pytest.mark.parametrize(
    ("lost", "gained", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),  # 2 · 1/2
        (5, 0, 2 / 32),
        (6, 0, 2 / 64),  # the fewest that are significant
        (10, 2, 2 * (1 + 12 + 66) / 4096),
        (2, 10, 2 * (1 + 12 + 66) / 4096),
        (3, 3, 1.0),  # 2 · (1 + 6 + 15 + 20) / 64 is over 1
    ],
)
def test_mcnemar(lost: int, gained: int, p: float) -> None:
    assert mcnemar(lost, gained) == pytest.approx(p)


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        # 9 of 10, z² = 3.8415: centre (.9 + .19207) / 1.38415 = .78898,
        # half 1.96 · sqrt(.009 + .0096036) / 1.38415 = .19314
        (9, 10, 0.59585, 0.98212),
        (0, 10, 0.0, 0.27753),  # 3.8415 / 13.8415
        (10, 10, 0.72247, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson(right: int, n: int, low: float, high: float) -> None:
    assert wilson(right, n) == pytest.approx((low, high), abs=1e-4)


def test_cohen_kappa() -> None:
    # Cohen's table: both yes 20, both no 15, a alone 5, b alone 10. Agreed .7; chance .5 · .6 + .5 · .4 = .5.
    a = [True] * 25 + [False] * 25
    b = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    assert cohen_kappa(a, b) == pytest.approx(0.4)
    assert cohen_kappa([True, False], [True, False]) == 1
    assert cohen_kappa([True, True], [True, True]) == 1
    assert cohen_kappa([True, False], [False, True]) == -1
    assert math.isnan(cohen_kappa([], []))
    with pytest.raises(ValueError, match="different numbers"):
        cohen_kappa([True], [])


def test_pass_hat_k() -> None:
    assert pass_hat_k(4, 5, 1) == pytest.approx(0.8)
    assert pass_hat_k(4, 5, 2) == pytest.approx(6 / 10)  # C(4,2) / C(5,2)
    assert pass_hat_k(4, 5, 5) == 0
    assert pass_hat_k(5, 5, 5) == 1
    for k in (0, 6):
        with pytest.raises(ValueError, match="of 5 trials"):
            pass_hat_k(4, 5, k)


def test_tango() -> None:
    # Where nothing changed: ± z² / (n + z²) = 3.8415 / 103.8415
    assert tango(0, 0, 100) == pytest.approx((-0.036994, 0.036994), abs=1e-5)
    low, high = tango(3, 3, 50)
    assert low == pytest.approx(-high)
    assert tango(5, 15, 100) == pytest.approx(tuple(-x for x in reversed(tango(15, 5, 100))))
    # At each end the score statistic is 1.96; for 15 gained, 5 lost of 100 Wald's is .1 ± 1.96 · sqrt(20 - 4) / 100...
    low, high = tango(5, 15, 100)
    assert 0.01 < low < 0.1 < high < 0.2
    assert tango(0, 0, 0) == (-1, 1)


SHARES = [
    # right before, and of 100: lost and gained
    (0, 0, "same"),  # ± 2.6 points at 90%
    (1, 1, "same"),
    (10, 0, "worse"),
    (0, 10, "better"),
    (12, 2, "worse"),
    (5, 0, "cannot tell"),  # p = .0625, and the interval reaches to -9
    (2, 2, "same"),
    (4, 4, "cannot tell"),  # ± 5.4 points at 90%
    (20, 20, "cannot tell"),  # no difference, but so much movement hides one
]


@pytest.mark.parametrize(("lost", "gained", "judgement"), SHARES)
def test_compare_shares(lost: int, gained: int, judgement: str) -> None:
    old = [True] * 60 + [False] * 40
    new = [True] * (60 - lost) + [False] * lost + [True] * gained + [False] * (40 - gained)
    found = compare_shares(old, new)
    assert found.judgement == judgement, found
    assert (found.lost, found.gained, found.items) == (lost, gained, 100)
    assert found.difference == pytest.approx((gained - lost) / 100)
    assert found.low <= found.difference <= found.high


def test_few_items_show_nothing() -> None:
    for n in (0, 1, 5, 20, 40):
        assert compare_shares([True] * n, [True] * n).judgement == "cannot tell", n
    assert compare_shares([True] * 5, [False] * 5).judgement == "cannot tell"  # p = .0625
    assert compare_shares([True] * 6, [False] * 6).judgement == "worse"
    with pytest.raises(ValueError, match="different numbers"):
        compare_shares([True], [])


def test_a_certain_drop_is_none_too_small() -> None:
    # 20 of 2,000: one point, within the margin, and yet certain.
    old = [True] * 2000
    assert compare_shares(old, [False] * 20 + [True] * 1980).judgement == "worse"


def names(n: int) -> list[str]:
    return [str(i) for i in range(n)]


def test_compare_graded() -> None:
    rng = np.random.default_rng(0)
    old = rng.random(100).round(2)
    same = compare_graded(old.tolist(), old.tolist(), names(100))
    assert (same.judgement, same.difference, same.p) == ("same", 0, 1)
    worse = compare_graded(old.tolist(), (old - 0.3 * rng.random(100)).tolist(), names(100))
    assert worse.judgement == "worse"
    assert -0.2 < worse.low < worse.difference < worse.high < -0.1
    better = compare_graded((old - 0.2).tolist(), (old + rng.normal(0, 0.1, 100)).tolist(), names(100))
    assert better.judgement == "better"
    shuffled = rng.permutation(old).tolist()
    noisy = compare_graded(old.tolist(), shuffled, names(100))
    assert noisy.judgement == "cannot tell"
    assert noisy == compare_graded(old.tolist(), shuffled, names(100))  # seeded


def test_clusters_count_once() -> None:
    # Ten questions about one article all break: one event, not ten.
    old, new = [1.0] * 40, [1.0] * 30 + [0.0] * 10
    apart = compare_graded(old, new, names(40))
    together = compare_graded(old, new, [*names(30), *["one"] * 10])
    assert apart.judgement == "worse"
    assert together.judgement == "cannot tell"
    assert compare_graded(old, new, ["a", "b"] * 20).judgement == "cannot tell"  # two clusters show nothing


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_measure_that_is_no_number_is_an_error(bad: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        compare_graded([1.0] * 9, [1.0] * 8 + [bad], names(9))


def test_minimal_detectable() -> None:
    # With no noise a drop of d among 100 loses Binomial(100, d) items, of which 6 are significant:
    # P(X >= 6) is .8 at d = .078 (.8057 at .0785, .7976 at .0775).
    assert minimal_detectable(100, 0.0) == pytest.approx(0.078, abs=0.0005)
    assert minimal_detectable(400) < minimal_detectable(200) < minimal_detectable(100) < minimal_detectable(50)
    assert minimal_detectable(100, 0.05) > minimal_detectable(100, 0.01)
    for n in (0, 1, 5):
        assert minimal_detectable(n) == math.inf


def test_graded_measures_have_a_detectable_change_too() -> None:
    assert compare_graded([1.0] * 100, [1.0] * 100, names(100)).detectable == minimal_detectable(100)
    assert compare_graded([], [], []).detectable == math.inf


# ---------------------------------------------------------------------------------------------- the simulation


@pytest.mark.parametrize("items", [100, 200])
def test_no_change_raises_no_alarm(items: int) -> None:
    row = simulate(items, 0.0, pairs=150, resamples=600)
    assert row.worse <= 0.05 and row.right_worse <= row.worse
    assert row.worse + row.better + row.same + row.cannot_tell == pytest.approx(1)


@pytest.mark.parametrize(("items", "caught"), [(100, 0.65), (200, 0.95)])
def test_a_drop_of_ten_points_is_caught(items: int, caught: float) -> None:
    row = simulate(items, 0.1, pairs=150, resamples=600)
    assert row.worse >= caught
    assert row.better == 0
    assert row.same < 0.01


def test_the_simulated_world_is_as_described() -> None:
    assert simulate(100, 0.1, 50) == simulate(100, 0.1, 50)  # seeded
    # Clusters of one or two, each next to the other.
    clusters = _clusters(2000, np.random.default_rng(1))
    sizes = np.bincount(clusters)
    assert set(sizes[sizes > 0]) == {1, 2}
    assert set(np.arange(2000) - clusters) == {0, 1}
