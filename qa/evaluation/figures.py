"""The figures of one run with their intervals, over all items, by tag and by stage.

    headline(run)     → Figure("right", value=0.81, low=0.71, high=0.88, of=80)
    figures(run)[1]   → Figure("right, answerable", value=0.84, …)
    by_tag(run)       → [Figure("date", …), Figure("list", …)]

Shares have Wilson's interval, graded measures the bootstrap's over clusters. An error counts as not right
among the shares; on the graded measures it has no value, and the outcomes say how many there are.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from qa.evaluation import metrics
from qa.evaluation.comparison import GRADED
from qa.evaluation.flips import stage
from qa.evaluation.metrics import RiskCoverage
from qa.evaluation.results import Result, Run
from qa.evaluation.statistics import compare_graded, pass_hat_k, wilson
from qa.evaluation.trials import OUTCOMES, Item, Outcome, Turn, items, turns


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or a mean within 0 and 1; `low` and `high` are its 95% interval, nan where too few items give none."""

    name: str
    value: float
    low: float
    high: float
    of: int


def headline(run: Run) -> Figure:
    """The share of items that are right and cite what they must."""
    return _share("right", (item.tally.passed for item in items(run)))


def figures(run: Run) -> list[Figure]:
    """Those that apply to any item of the run."""
    asked, whole = turns(run), items(run)
    answerable = [turn for turn in asked if turn.first.answerable]
    beyond = [turn for turn in asked if not turn.first.answerable]
    cited = [turn for turn in asked if turn.shown.must_cite is not None]
    found = [
        _share("right, answerable", (turn.tally.passed for turn in answerable)),
        _share("right, unanswerable", (turn.tally.passed for turn in beyond)),
        _share("conversations, right at every turn", (item.tally.passed for item in whole if len(item.turns) > 1)),
        _share("cites what it must", (turn.shown.must_cite is True for turn in cited)),
        *(_mean(name, asked, measure) for name, measure in GRADED.items()),
        *_steady(whole),
    ]
    return [figure for figure in found if figure.of]


def abstention(run: Run) -> list[Figure]:
    """Refusing as a search for what cannot be answered, over all trials. An error refused nothing and answered nothing."""
    ran = [(r.answerable, r.status == "abstained") for r in run.items if r.verdict != "error"]
    found = metrics.abstention(ran)
    f1 = math.nan if found.f1 is None else found.f1
    figures = [
        _share("refusals, right", (not answerable for answerable, refused in ran if refused)),
        _share("unanswerable, refused", (refused for answerable, refused in ran if not answerable)),
        Figure("F1 of refusing", f1, math.nan, math.nan, len(ran) if found.f1 is not None else 0),
        _share("answerable, refused", (refused for answerable, refused in ran if answerable)),
    ]
    return [figure for figure in figures if figure.of]


def risk(run: Run) -> RiskCoverage:
    """What share of the answers given is not right, if only the surest are given; sure is what found a close passage."""
    answered = [r for r in run.items if r.verdict != "error" and r.status == "answered"]
    return metrics.risk_coverage((r.confidence, r.passed) for r in answered if r.confidence is not None)


QUARTERS = (0.25, 0.5, 0.75, 1.0)


def risk_at(found: RiskCoverage, coverage: float) -> float:
    """The share that is not right among at least so many of the surest answers, of which there is one."""
    return next(wrong for share, wrong in found.points if share >= coverage)


def by_tag(run: Run) -> list[Figure]:
    """The share that is right among the questions with each tag; the most frequent tag first."""
    asked = turns(run)
    counted = Counter(tag for turn in asked for tag in dict.fromkeys(turn.first.tags))
    return [
        _share(tag, (turn.tally.passed for turn in asked if tag in turn.first.tags)) for tag, _ in counted.most_common()
    ]


def stages(run: Run) -> list[tuple[str, int]]:
    """Where the questions that are not right went wrong; the most frequent first."""
    return Counter(stage(turn.shown) for turn in turns(run) if not turn.tally.passed).most_common()


def outcomes(run: Run) -> list[tuple[Outcome, int]]:
    """How many questions ended each way."""
    counted = Counter(turn.outcome for turn in turns(run))
    return [(outcome, counted[outcome]) for outcome in OUTCOMES if counted[outcome]]


def spent(run: Run) -> list[tuple[str, str]]:
    """Time, tokens and cost, as texts."""
    # An answer that broke off took as long as its time-out, which says nothing of the program.
    times = [result.seconds for result in run.items if result.verdict != "error"]
    costs = [result.cost for result in run.items if result.cost is not None]
    judge_costs = [result.judge_cost for result in run.items if result.judge_cost is not None]
    return [
        *([("time, median", f"{median(times):.2f} s"), ("time, longest", f"{max(times):.2f} s")] if times else []),
        *_tokens("tokens", [(result.input_tokens, result.output_tokens) for result in run.items]),
        *([("cost", f"${math.fsum(costs):.4f}")] if costs else []),
        *_tokens("judge's tokens", [(result.judge_input_tokens, result.judge_output_tokens) for result in run.items]),
        *([("judge's cost", f"${math.fsum(judge_costs):.4f}")] if judge_costs else []),
    ]


def _tokens(name: str, taken: Sequence[tuple[int, int]]) -> list[tuple[str, str]]:
    """Nothing where none were taken."""
    sent, written = sum(i for i, _ in taken), sum(o for _, o in taken)
    return [(name, f"{sent:,} in, {written:,} out")] if sent or written else []


def _share(name: str, passed: Iterable[bool]) -> Figure:
    found = list(passed)
    right = sum(found)
    return Figure(name, right / len(found) if found else math.nan, *wilson(right, len(found)), len(found))


def _mean(name: str, asked: Iterable[Turn], measure: Callable[[Result], float | None]) -> Figure:
    rows = []
    for turn in asked:
        values = [float(v) for v in map(measure, turn.results) if v is not None and math.isfinite(v)]
        if values:
            rows.append((sum(values) / len(values), turn.first.cluster))
    return _bootstrapped(name, rows)


def _steady(whole: Sequence[Item]) -> Iterable[Figure]:
    k = min((item.tally.trials for item in whole), default=0)
    if k > 1:
        rows = [(pass_hat_k(i.tally.passes, i.tally.trials, k), i.turns[0].first.cluster) for i in whole]
        yield _bootstrapped(f"right in {k} of {k} trials", rows)


def _bootstrapped(name: str, rows: Sequence[tuple[float, str]]) -> Figure:
    if not rows:
        return Figure(name, math.nan, math.nan, math.nan, 0)
    values, clusters = [value for value, _ in rows], [cluster for _, cluster in rows]
    # A mean is its own difference from nothing, so the comparison's bootstrap gives its interval.
    change = compare_graded([0.0] * len(values), values, clusters)
    low, high = max(0.0, change.low), min(1.0, change.high)
    if (change.low, change.high) == (-1.0, 1.0):
        low = high = math.nan
    elif set(values) <= {0.0, 1.0} and low == high:
        # Resampling equal values knows no doubt; eight of eight right is still not certainty.
        low, high = wilson(round(change.difference) * len(set(clusters)), len(set(clusters)))
    return Figure(name, change.difference, low, high, len(values))
