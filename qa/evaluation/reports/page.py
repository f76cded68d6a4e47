"""A run as one HTML page that needs nothing but itself: what changed, the figures, and every question with its evidence.

Nothing is fetched and no script but the page's own runs: its policy (CSP) allows the one style and the one script by
their hashes, so that even markup that slipped through the escaping (see tags) would do nothing.
"""

import base64
import hashlib
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from qa.evaluation.comparison import Comparison, Measure
from qa.evaluation.figures import (
    QUARTERS,
    Figure,
    abstention,
    by_tag,
    figures,
    headline,
    outcomes,
    risk,
    risk_at,
    spent,
    stages,
)
from qa.evaluation.flips import Flip
from qa.evaluation.metrics import RiskCoverage
from qa.evaluation.reports import charts, items
from qa.evaluation.reports.tags import Html, join, tag
from qa.evaluation.reports.terminal import COLUMNS, LEGEND, cells, share
from qa.evaluation.results import Result, Run
from qa.evaluation.trials import Tally, outcome

_HERE = Path(__file__).parent


def render(run: Run, comparison: Comparison | None) -> str:
    style, script = ((_HERE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"Evaluation, {run.made}"),
        tag("style", Html(style)),
    )
    body = tag(
        "body",
        tag(
            "main",
            _top(run),
            _compared(comparison) if comparison else None,
            _figures(run),
            items.table(run, comparison),
            _made_by(run),
        ),
        tag("script", Html(script)),
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _top(run: Run) -> Html:
    found, ends = headline(run), outcomes(run)
    legend = (tag("li", items.badge(name), f" {number}") for name, number in ends)
    share = join([tag("strong", f"{found.value:.0%}"), " right"]) if found.of else tag("strong", "Nothing ran")
    interval = f"{found.low:.0%} to {found.high:.0%} with 95% confidence, over {found.of} items"
    return tag(
        "header",
        tag("p", f"Evaluation · {run.made}", class_="eyebrow"),
        tag("h1", share),
        tag("p", interval, class_="under") if found.of else None,
        tag("div", charts.stack(ends, "Outcomes"), class_="stack"),
        tag("ul", *legend, class_="legend"),
    )


def _compared(found: Comparison) -> Html:
    word = found.verdict.replace(" ", "-")
    broke, mended, moved = (
        [flip for flip in found.flips if flip.change == kind] for kind in ("broke", "mended", "moved")
    )
    return tag(
        "section",
        tag(
            "div",
            tag(
                "h2",
                f"{found.verdict.capitalize()} than the baseline" if word in ("better", "worse") else found.verdict,
            ),
            tag("p", f"{found.reason[:1].upper()}{found.reason[1:]}."),
            class_=f"verdict {word}",
        ),
        _measures(found.measures),
        tag("ul", *(tag("li", note) for note in found.notes), class_="notes") if found.notes else None,
        _flips("Broke", broke, True),
        _flips("Mended", mended, False),
        _flips("Went wrong in another way", moved, False),
        class_="comparison",
    )


def _measures(measures: Sequence[Measure]) -> Html:
    reach = charts.reach(measures)
    drawn = f"change, {-100 * reach:+.0f} to {100 * reach:+.0f}"
    names = [*COLUMNS[:4], drawn, *COLUMNS[4:-1], "judgement"]
    rows = []
    for measure in measures:
        first, *numbers, last = cells(measure)
        chart = tag("td", charts.difference(measure, reach), class_="drawn")
        told = [tag("td", n, data_name=name) for n, name in zip(numbers, COLUMNS[1:], strict=False)]
        rows.append(tag("tr", tag("th", first, scope="row"), *told[:3], chart, *told[3:], tag("td", items.badge(last))))
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in names)))
    return tag("div", tag("table", head, tag("tbody", *rows), class_="measures"), tag("p", LEGEND, class_="under"))


def _flips(heading: str, flips: Sequence[Flip], shown: bool) -> Html | None:
    if not flips:
        return None
    return join([tag("h3", f"{heading} · {len(flips)}"), *(_flip(flip, shown and flip.critical) for flip in flips)])


def _flip(flip: Flip, shown: bool) -> Html:
    marks = [
        tag("span", "critical", class_="mark critical") if flip.critical else None,
        tag("span", flip.stage, class_="mark") if flip.stage else None,
    ]
    moves = [
        tag("p", f"Passages {name}: ", *(tag("code", str(place)) for place in places), class_="under places")
        for name, places in (("gained", flip.gained), ("lost", flip.lost))
        if places
    ]
    summary = tag("summary", tag("b", flip.question), tag("span", tag("code", flip.id), " ", *marks, class_="under"))
    sides = [_side("Was", flip.old, flip.old_tally), _side("Is now", flip.new, flip.new_tally)]
    command = tag("p", tag("code", flip.command), class_="command")
    return tag("details", summary, tag("div", *sides, class_="sides"), *moves, command, open=shown, class_="flip")


def _side(when: str, result: Result, tally: Tally) -> Html:
    counted = share(tally)
    heading = tag("h4", f"{when} ", items.badge(outcome(result)), f" {counted}" if counted else None)
    return tag("div", heading, items.answer(result), tag("p", result.reason, class_="under"))


def _figures(run: Run) -> Html:
    went_wrong, tags = stages(run), by_tag(run)
    most = max((number for _, number in went_wrong), default=0)
    blocks = [
        ("Figures", [_figure(f) for f in figures(run)]),
        ("By tag", [_figure(f) for f in tags]),
        ("Refusing", [_figure(f) for f in abstention(run)]),
    ]
    after = [
        ("Where it went wrong", [_bar(name, number, most) for name, number in went_wrong]),
        ("Spent", [_plain(name, value) for name, value in spent(run)]),
    ]
    return tag("div", *_blocks(blocks), _risk(risk(run)), *_blocks(after), class_="charts")


def _blocks(blocks: Iterable[tuple[str, Sequence[Html]]]) -> Iterable[Html]:
    return (tag("section", tag("h2", heading), tag("ul", *rows), class_="chart") for heading, rows in blocks if rows)


def _risk(found: RiskCoverage) -> Html | None:
    """Risk against coverage: what would be wrong if only the surest answers were given."""
    if not found.points:
        return None
    drawn = tag(
        "figure",
        tag("span", "100% wrong", class_="top", aria_hidden="true"),
        charts.risk(found),
        tag("figcaption", tag("span", "the surest answers"), tag("span", "all answers")),
        class_="risk",
    )
    rows = [_plain(f"the surest {share:.0%}", f"{risk_at(found, share):.0%} wrong") for share in QUARTERS]
    mean = _plain("mean over coverage", f"{found.area:.0%} wrong") if found.area is not None else None
    note = "An answer is as sure as its closest passage is near the question. A flat curve: that does not tell right from wrong."
    heading = tag("h2", "Risk against coverage")
    return tag("section", heading, drawn, tag("ul", *rows, mean), tag("p", note, class_="under"), class_="chart")


def _figure(figure: Figure) -> Html:
    interval = "no interval" if math.isnan(figure.low) else f"{figure.low:.0%}–{figure.high:.0%}"
    return _line(figure.name, charts.share(figure), f"{figure.value:.0%}", f"{interval}, of {figure.of}")


def _bar(name: str, number: int, most: int) -> Html:
    return _line(name, charts.count(number, most, name), str(number), None)


def _line(name: str, chart: Html, value: str, more: str | None) -> Html:
    side = tag("small", more) if more else None
    return tag("li", tag("span", name, class_="name"), chart, tag("span", tag("b", value), " ", side, class_="value"))


def _plain(name: str, value: str) -> Html:
    return tag("li", tag("span", name, class_="name"), tag("span", value, class_="value wide"))


def _made_by(run: Run) -> Html:
    rows: Iterable[Html] = (
        join([tag("dt", name), tag("dd", tag("code", value))]) for name, value in run.fingerprints.items() if value
    )
    return tag("footer", tag("h2", "Made by"), tag("dl", *rows))
