"""The model and its loop, where torch is installed."""

import random
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is installed for training alone")

from training.base import TOKENIZER, base_folder  # noqa: E402
from training.data import Passage, Question  # noqa: E402
from training.features import Tokens, Window  # noqa: E402
from training.model import FROZEN, Reader, base_weights  # noqa: E402
from training.reading import best_span, read  # noqa: E402
from training.train import Plan, Run  # noqa: E402

TEXT = "It opened in May 1901, and they say that it cost a good deal more than the town had."
OPENED = Question("When did it open?", Passage(TEXT, ""), ((13, 21),))
BURNT = Question("When did it burn?", Passage(TEXT, ""), ())


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    try:
        return Tokens(base_folder() / TOKENIZER)
    except FileNotFoundError:
        pytest.skip("the published weights are not installed")


def batch(tokens: Tokens) -> list[Window]:
    found = [tokens.training_window(question, random.Random(0)) for question in (OPENED, BURNT)]
    return [window for window in found if window]


def test_published_weights_go_in_and_come_out(tokens: Tokens) -> None:
    weights = base_weights()
    found = Reader.from_base(weights).published()
    assert all(torch.equal(found[name], values) for name, values in weights.items())
    assert found.keys() - weights.keys() == {"head.weight", "head.bias"}


def test_padding_and_company_change_nothing(tokens: Tokens) -> None:
    model = Reader.from_base(base_weights())
    ids = torch.tensor([[101, 2043, 102, 2009, 2441, 102]])
    segments = torch.tensor([[0, 0, 0, 1, 1, 1]])
    (alone, _) = model(ids, segments, torch.ones_like(ids))
    wider = [torch.nn.functional.pad(values, (0, 10)) for values in (ids, segments, torch.ones_like(ids))]
    (among, _) = model(*wider)
    assert torch.allclose(alone, among[:, :6], atol=1e-4)
    assert torch.isinf(among[:, 6:]).all()


def test_best_span_is_short_and_forward() -> None:
    starts, ends = torch.zeros(50), torch.zeros(50)
    starts[10], ends[5], ends[45], ends[39] = 5, 6, 8, 4
    assert best_span(starts.numpy(), ends.numpy()) == (10, 39, 9.0)


def test_it_learns_and_goes_on_after_a_kill_as_if_nothing_had_been(tokens: Tokens, tmp_path: Path) -> None:
    plan = Plan(questions=60, rate=3e-4, warm_up=0.01, part_tokens=10_000)
    run, windows = Run(plan, tmp_path), batch(tokens)
    first = float(run.step(windows))
    for _ in range(9):
        run.step(windows)
    run.questions = 20
    run.save()
    expected = [float(run.step(windows)) for _ in range(2)]
    again = Run(plan, tmp_path)
    again.resume()
    assert (again.questions, again.steps) == (20, 10)
    assert [float(again.step(windows)) for _ in range(2)] == expected
    for _ in range(30):
        last = float(again.step(windows))
    assert last < first / 4
    answer, none = read(again.model, tokens, [OPENED, BURNT])
    assert answer.answer == "May 1901"
    assert none.margin < answer.margin


def test_the_words_stay_as_published(tokens: Tokens, tmp_path: Path) -> None:
    run = Run(Plan(questions=10), tmp_path)
    before = run.model.words.weight.clone()
    run.step(batch(tokens))
    assert torch.equal(run.model.words.weight, before)
    assert FROZEN not in run.averaged()


def test_another_plan_does_not_go_on_from_this_ones_state(tokens: Tokens, tmp_path: Path) -> None:
    Run(Plan(), tmp_path).save()
    with pytest.raises(ValueError, match="another plan"):
        Run(Plan(rate=1.0), tmp_path).resume()
