"""Two runs item by item: what got better or worse beyond noise, which items flipped, and what cannot be compared.

    found = compare(results.read(baseline), run)
    found.worse            → True: a measure fell beyond noise, or a critical item broke
    found.measures[0]      → Measure("right answers", old=0.82, new=0.71, change=Change("worse", difference=-0.11, …))
    print(*found.lines(), sep="\\n")

What counts. An item is right where most of its trials pass; a conversation where all its turns do. A graded measure is
the mean over a question's trials. An error is never a pass: one in the new run is a failure, with 0 on every graded
measure that the old run has; one in the old run shows nothing, and an item that it leaves undecided is left out, or a
baseline made on a bad day would turn its errors into gains that outweigh real losses.

The graded measures share one chance of a false alarm among them (Bonferroni), as there would be one in most comparisons
if each of eight had its own. Whether the comparison as a whole *cannot tell* is what right and wrong say: few graded
measures apply to every item, and a gate that waits for all of them would never be green.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qa.errors import UsageError
from qa.evaluation.flips import Flip, flips
from qa.evaluation.pairing import Pair, Pairing, pair
from qa.evaluation.results import Result, Run
from qa.evaluation.statistics import ALPHA, RESAMPLES, Change, Judgement, compare_graded, compare_shares, pass_hat_k
from qa.evaluation.trials import Turn
from qa.text import one_line

GRADED: dict[str, Callable[[Result], float | None]] = {
    "F1": lambda r: r.f1,
    "article found": lambda r: r.hit,
    "reciprocal rank": lambda r: r.mrr,
    "nDCG": lambda r: r.ndcg,
    "citation precision": lambda r: r.citation_precision,
    "citation recall": lambda r: r.citation_recall,
}
"""Exact match is left out: of answers in whole sentences it knows next to nothing that F1 does not."""

Row = tuple[float, float, str]
"""A measure of one item: old, new, cluster."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure over the items of both runs; `change` holds the difference, its interval, p and what would be seen."""

    name: str
    old: float
    new: float
    change: Change

    @property
    def judgement(self) -> Judgement:
        return self.change.judgement


@dataclass(frozen=True, slots=True)
class Comparison:
    measures: tuple[Measure, ...]
    """Right answers first."""
    flips: tuple[Flip, ...]
    broken: tuple[str, ...]
    """Critical items that were right and are not."""
    notes: tuple[str, ...]
    unseen: tuple[str, ...] = ()
    """Critical items that were right and are not in this run, or are other questions there."""
    failed: int = 0
    """Answers of this run that are errors, where these are more than are borne."""

    @property
    def worse(self) -> bool:
        return bool(self.broken) or any(m.judgement == "worse" for m in self.measures)

    @property
    def proven(self) -> bool:
        """Worse by an answer of a critical item, not by an error: however much else broke off, that stands."""
        return any(flip.critical and flip.change == "broke" and flip.new.verdict != "error" for flip in self.flips)

    @property
    def cannot_tell(self) -> bool:
        # Where only the size of a gain is open, nothing got worse.
        unsure = self.measures[0].judgement == "cannot tell" and not self.measures[0].change.no_worse
        return not self.worse and (unsure or bool(self.unseen) or bool(self.failed))

    @property
    def verdict(self) -> Judgement:
        if self.worse:
            return "worse"
        if self.cannot_tell:
            return "cannot tell"
        return "better" if any(m.judgement == "better" for m in self.measures) else "same"

    @property
    def reason(self) -> str:
        """The verdict in one sentence."""
        fell = [m.name for m in self.measures if m.judgement == "worse"]
        rose = [m.name for m in self.measures if m.judgement == "better"]
        told = []
        if self.broken:
            noun = "critical items" if len(self.broken) > 1 else "critical item"
            told.append(f"{len(self.broken)} {noun} broke ({', '.join(map(one_line, self.broken))})")
        if fell:
            told.append(f"{', '.join(fell)} fell beyond what chance does")
        if not told and self.failed:
            told.append(f"{self.failed} of this run's answers broke off")
        if not told and self.unseen:
            told.append(f"critical items were not asked as before ({', '.join(map(one_line, self.unseen))})")
        if not told and self.cannot_tell:
            change = self.measures[0].change
            told.append(
                f"{change.items} items compared, {change.lost} broke, {change.gained} mended: too few to judge by"
            )
        if not told and rose:
            told.append(f"{', '.join(rose)} rose beyond what chance does")
        if not told and self.measures[0].judgement == "cannot tell":
            told.append(f"{self.measures[0].change.gained} mended, {self.measures[0].change.lost} broke")
        return "; ".join(told) or "no difference that matters"

    def lines(self) -> list[str]:
        """For a terminal, in plain text."""
        from qa.evaluation.reports import terminal

        return terminal.lines(self)


def compare(old: Run, new: Run, resamples: int = RESAMPLES, max_errors: float = 1.0) -> Comparison:
    """The new run against the old one, the baseline. More errors than the share `max_errors` are no finding of any kind.

    Raises UsageError where different judges made the verdicts, and for a measure that is not a number.
    """
    pairing = pair(old, new)
    for run in (old, new):
        _refuse_nonsense(run)
    return Comparison(
        measures=(_right(pairing.items), *_graded(pairing.items, resamples)),
        flips=flips(pairing.items, new),
        broken=tuple(p.id for p in pairing.items if p.critical and p.old.tally.passed and not p.new.tally.passed),
        notes=(*pairing.notes, *_error_notes(old, new, pairing), *_repeat_notes(pairing)),
        unseen=pairing.unseen,
        failed=sum(r.verdict == "error" for r in new.items) if new.breaks_off(max_errors) else 0,
    )


def _right(pairs: Iterable[Pair]) -> Measure:
    both = [(p.old.tally.passed, p.new.tally.passed) for p in pairs if not p.old.tally.undecided]
    old, new = [a for a, _ in both], [b for _, b in both]
    return Measure("right answers", _mean(old), _mean(new), compare_shares(old, new))


def _graded(pairs: tuple[Pair, ...], resamples: int) -> Iterable[Measure]:
    rows = {name: list(_rows(pairs, measure)) for name, measure in GRADED.items()}
    k = fewest_trials(pairs)
    if k > 1:
        rows = {f"pass^{k}": list(_steady(pairs, k)), **rows}
    found = {name: own for name, own in rows.items() if own}
    for name, own in found.items():
        old, new = [row[0] for row in own], [row[1] for row in own]
        change = compare_graded(old, new, [row[2] for row in own], alpha=ALPHA / len(found), resamples=resamples)
        yield Measure(name, _mean(old), _mean(new), change)


def _rows(pairs: Iterable[Pair], measure: Callable[[Result], float | None]) -> Iterable[Row]:
    for both in pairs:
        for a, b in both.turns:
            old = _values(a, measure)
            # An error says nothing of an answer that it kept from coming; but the person had none.
            new = _values(b, measure) + [0.0 for r in b.results if r.verdict == "error"]
            if old and new:
                yield _mean(old), _mean(new), b.first.cluster


def _values(turn: Turn, measure: Callable[[Result], float | None]) -> list[float]:
    found = (measure(result) for result in turn.results if result.verdict != "error")
    return [float(value) for value in found if value is not None]


def _steady(pairs: Iterable[Pair], k: int) -> Iterable[Row]:
    for both in pairs:
        a, b = both.old.tally, both.new.tally
        if not a.undecided:
            cluster = both.new.turns[0].first.cluster
            yield pass_hat_k(a.passes, a.trials, k), pass_hat_k(b.passes, b.trials, k), cluster


def fewest_trials(pairs: Iterable[Pair]) -> int:
    """Of any item in either run; 0 where there is none."""
    return min((tally.trials for p in pairs for tally in (p.old.tally, p.new.tally)), default=0)


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def _error_notes(old: Run, new: Run, pairing: Pairing) -> Iterable[str]:
    for name, run, does in (("The baseline", old, "show nothing"), ("This run", new, "count as failures")):
        errors = sum(result.verdict == "error" for result in run.items)
        if errors:
            yield f"{name} has {errors} error{'s' * (errors > 1)} among {len(run.items)} answers; they {does}."
    left_out = sum(p.old.tally.undecided for p in pairing.items)
    if left_out:
        yield f"{left_out} item{'s' * (left_out > 1)} left out of right and wrong: the baseline's errors leave them undecided."


def _repeat_notes(pairing: Pairing) -> Iterable[str]:
    before = max((pair.old.tally.trials for pair in pairing.items), default=0)
    after = max((pair.new.tally.trials for pair in pairing.items), default=0)
    if max(before, after) > 1:
        yield f"Up to {max(before, after)} trials an item: an item is right where more than half of them are."
    if before != after:
        yield f"The baseline asked {before} times and this run {after}: of unsteady answers the majority may differ by that alone."


def _refuse_nonsense(run: Run) -> None:
    for result in run.items:
        for name, measure in GRADED.items():
            value = measure(result)
            if value is not None and not (isinstance(value, int | float) and 0 <= value <= 1):  # nan is not
                where = f"{one_line(result.id)}, trial {result.trial}"
                raise UsageError(
                    f"{name} of {where} is {value!r}:", "it is no number from 0 to 1; run the evaluation again."
                )
