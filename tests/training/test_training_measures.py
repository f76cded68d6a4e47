"""The metric, the calibration and the file that ships. None of it needs torch."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.calibration import Calibration, fitted, reliability, right
from training.scoring import Prediction, best_threshold, exact, f1, figures
from training.shipping import BLOCK, pack, unpack

GOOD, WRONG, NONE = (
    Prediction("the Seine", 3.0, ["Seine"]),
    Prediction("Rhine", 1.0, ["Seine river"]),
    Prediction("Rhine", -2.0, []),
)


@pytest.mark.parametrize(
    ("answer", "gold", "em", "overlap"),
    [
        ("The  Seine.", ["seine"], 1, 1),
        ("Seine river", ["Loire", "Seine"], 0, 2 / 3),
        ("Rhine", ["Seine"], 0, 0),
        ("", [], 1, 1),
        ("Seine", [], 0, 0),
        ("", ["Seine"], 0, 0),
        ("a", ["the"], 1, 1),  # nothing is left of either, as in the official script
    ],
)
def test_the_metric_is_squads(answer: str, gold: list[str], em: float, overlap: float) -> None:
    assert exact(answer, gold) == em
    assert f1(answer, gold) == pytest.approx(overlap)


def test_figures_count_an_abstention_right_where_nothing_is_to_be_found() -> None:
    found = figures([GOOD, WRONG, NONE], threshold=0)
    assert (found["em"], found["has_answer_em"], found["no_answer_accuracy"]) == (66.67, 50, 100)
    assert figures([GOOD, WRONG, NONE], threshold=5)["f1"] == 33.33


def test_the_threshold_is_the_best_one() -> None:
    assert best_threshold([GOOD, WRONG, NONE]) == pytest.approx(2.0)


@given(st.lists(st.tuples(st.floats(-9, 9), st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_no_other_threshold_is_better(rows: list[tuple[float, bool, bool]]) -> None:
    found = [Prediction("a b" if good else "c", margin, ["a b"] if has else []) for margin, has, good in rows]
    best = figures(found, best_threshold(found))["f1"]
    assert all(figures(found, threshold)["f1"] <= best for threshold in [-10, *(m for m, _, _ in rows), 10])


def test_probabilities_follow_what_was_seen() -> None:
    seen = [
        Prediction("a", margin, ["a"] if n < rate * 100 else [])
        for margin, rate in ((-2, 0.1), (2, 0.9))
        for n in range(100)
    ]
    calibration = fitted(seen)
    assert calibration.probability(-2) == pytest.approx(0.1, abs=0.01)
    assert calibration.probability(2) == pytest.approx(0.9, abs=0.01)
    assert reliability(seen, calibration)["ece"] < 1


def test_a_calibration_stays_finite() -> None:
    perfect = fitted([Prediction("a", 1.0, ["a"]), Prediction("a", -1.0, [])])
    assert 0 <= perfect.probability(-1e9) < 0.5 < perfect.probability(1e9) <= 1
    assert Calibration(0, 1).probability(0) == 0.5


def test_an_answer_with_most_of_the_gold_words_is_right() -> None:
    assert right(Prediction("the river Seine", 0, ["Seine"]))
    assert not right(NONE)


VALUES = np.random.default_rng(0).normal(0, 0.05, (64, 4 * BLOCK)).astype(np.float32)
DENSE = "encoder.layer.0.output.dense.weight"
PARAMETERS = {DENSE: VALUES, "encoder.layer.0.output.dense.bias": VALUES[0], "head.weight": VALUES[:2]}


class TestShipping:
    def test_what_is_packed_comes_back(self) -> None:
        found, metadata = unpack(pack(PARAMETERS, {"threshold": "0.5"}))
        assert metadata == {"threshold": "0.5"}
        assert found.keys() == PARAMETERS.keys()
        for name, values in PARAMETERS.items():
            assert found[name].dtype == np.float32
            assert np.abs(found[name] - values).max() < 0.0012
        step = np.abs(VALUES).reshape(64, -1, BLOCK).max(-1) / 127
        error = np.abs(found[DENSE] - VALUES).reshape(64, -1, BLOCK).max(-1)
        assert (error <= 0.51 * step + 1e-7).all()

    def test_the_file_is_safetensors(self) -> None:
        content = pack(PARAMETERS, {})
        start = 8 + int.from_bytes(content[:8], "little")
        header = json.loads(content[8:start])
        assert start % 8 == 0
        assert header[DENSE]["dtype"] == "I8"
        assert header[f"{DENSE}.scale"]["shape"] == [64, 4]
        ends = [0, *(at["data_offsets"][1] for name, at in header.items() if name != "__metadata__")]
        assert [at["data_offsets"][0] for name, at in header.items() if name != "__metadata__"] == ends[:-1]
        assert len(content) == start + ends[-1]

    def test_a_block_of_zeros_stays_zero(self) -> None:
        assert not unpack(pack({DENSE: np.zeros((2, BLOCK), np.float32)}, {}))[0][DENSE].any()

    def test_what_float16_cannot_hold_is_refused(self) -> None:
        with pytest.raises(ValueError, match="head"):
            pack({"head.weight": np.full((2, 4), 1e6, np.float32)}, {})
