"""The page's table of questions; each row opens to its evidence.

A row is a <tbody> of its own, so that sorting and hiding are a matter of moving whole rows; without a script it is a plain
table, with <details> to open.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qa.evaluation.comparison import Comparison
from qa.evaluation.flips import Flip, stage
from qa.evaluation.reports.tags import Html, join, tag
from qa.evaluation.reports.terminal import share
from qa.evaluation.results import Result, Run
from qa.evaluation.trials import OUTCOMES, Turn, outcome, turns

MARKS = {
    "better": "▲",
    "worse": "▼",
    "same": "=",
    "right": "✓",
    "miscited": "≈",
    "wrong": "✗",
    "cannot tell": "?",
    "error": "!",
}
_MARK = re.compile(r"(\[\d+\])")
_LINK = re.compile(r"https?://[^\s]+")


def table(run: Run, comparison: Comparison | None) -> Html:
    """Controls, then the table."""
    flipped = {flip.id: flip for flip in comparison.flips} if comparison else {}
    asked = turns(run)
    columns = [
        ("outcome", "Outcome"),
        ("question", "Question"),
        ("stage", "Went wrong"),
        ("f1", "F1"),
        ("time", "Time"),
    ]
    head = (tag("th", tag("span", name), scope="col", data_key=key, class_=f"c-{key}") for key, name in columns)
    return tag(
        "section",
        tag("h2", "Questions"),
        _controls(asked, comparison is not None),
        tag(
            "table",
            tag("caption", "Every question; each opens to its answer and evidence.", class_="unseen"),
            tag("thead", tag("tr", *head)),
            *(_row(turn, flipped.get(turn.id)) for turn in asked),
            id="questions",
        ),
        tag("p", "No question is like that.", id="none", hidden=True),
    )


def _controls(asked: Sequence[Turn], compared: bool) -> Html:
    """Hidden until the script runs, without which they would do nothing."""
    tags = sorted({t for turn in asked for t in turn.first.tags})
    kinds = [o for o in OUTCOMES if any(turn.outcome == o for turn in asked)]
    return tag(
        "form",
        tag(
            "label",
            tag("span", "Search"),
            tag("input", type="search", name="q", placeholder="Words, an id, a reason …"),
        ),
        _select("outcome", "Outcome", kinds),
        _select("tag", "Tag", tags) if tags else None,
        _select("change", "Change", ["broke", "mended", "moved"]) if compared else None,
        tag("output", "", name="count", aria_live="polite"),
        id="filter",
        hidden=True,
    )


def _select(name: str, label: str, values: Iterable[str]) -> Html:
    options = (tag("option", value, value=value) for value in values)
    return tag("label", tag("span", label), tag("select", tag("option", "any", value=""), *options, name=name))


def badge(word: str) -> Html:
    mark = tag("span", MARKS[word], aria_hidden="true") if word in MARKS else None
    return tag("span", mark, f" {word}" if mark else word, class_=f"badge {word.replace(' ', '-')}")


def _row(turn: Turn, flip: Flip | None) -> Html:
    shown = turn.shown
    seconds = sum(r.seconds for r in turn.results) / len(turn.results)
    f1 = "" if shown.f1 is None else f"{shown.f1:.2f}"
    cells = [
        tag("td", badge(turn.outcome), class_="c-outcome"),
        tag("td", _question(turn, flip), class_="c-question"),
        tag("td", stage(shown), class_="c-stage"),
        tag("td", f1, class_="c-f1", data_name="F1"),
        tag("td", f"{seconds:.2f} s", class_="c-time", data_name="time"),
    ]
    return tag(
        "tbody",
        tag("tr", *cells),
        id=f"item-{turn.id}",
        data_outcome=turn.outcome,
        data_tag="\n".join(shown.tags),
        data_change=flip.change if flip else "",
        data_stage=stage(shown),
        data_f1=f1,
        data_time=f"{seconds:.4f}",
        data_question=turn.id,
    )


def _question(turn: Turn, flip: Flip | None) -> Html:
    marks = [
        tag("span", "critical", class_="mark critical") if turn.first.critical else None,
        tag("span", flip.change, class_=f"mark {flip.change}") if flip else None,
        *(tag("span", t, class_="mark") for t in turn.first.tags),
    ]
    summary = tag("summary", tag("b", turn.first.told), tag("span", tag("code", turn.id), " ", *marks, class_="under"))
    counted = share(turn.tally)
    return tag(
        "details",
        summary,
        _pairs([("Accepted", _accepted(turn.first))]),
        *(_trial(r, f"Trial {r.trial}" if counted else "") for r in turn.results),
        class_="item",
    )


def _accepted(result: Result) -> Html:
    if not result.answerable:
        return join(["No answer: the articles do not say."])
    return join(tag("span", a, class_="accepted") for a in result.accepted)


def _trial(result: Result, heading: str) -> Html:
    passages = result.retrieved
    return tag(
        "div",
        tag("h4", f"{heading}: {outcome(result)}") if heading else None,
        _pairs(
            [
                ("Answer", answer(result)),
                ("Verdict", join([outcome(result), f": {result.reason}" if result.reason else None])),
                ("Went wrong", join([stage(result)]) if stage(result) else None),
                ("Sources", tag("ol", *map(_citation, result.citations), class_="cites") if result.citations else None),
                ("Withheld", tag("ul", *map(_withheld, result.withheld)) if result.withheld else None),
            ]
        ),
        _passages(passages) if passages else None,
        class_="trial",
    )


def answer(result: Result) -> Html:
    """The answer's text with its citation marks set off; or why there is none."""
    if result.verdict == "error":
        code = f" (exit code {result.error_code})" if result.error_code else ""
        return tag("p", f"{result.error or result.reason}{code}", class_="answer failed")
    if not result.answer:
        return tag("p", "Abstained." if result.status == "abstained" else "Nothing.", class_="answer none")
    parts = (tag("sup", part) if _MARK.fullmatch(part) else part for part in _MARK.split(result.answer))
    abstained = tag("span", "abstained", class_="mark") if result.status == "abstained" else None
    return tag("p", *parts, abstained, class_="answer")


def _pairs(rows: Iterable[tuple[str, Html | None]]) -> Html:
    return tag("dl", *(join([tag("dt", name), tag("dd", value)]) for name, value in rows if value is not None))


def _citation(cited: Mapping[str, Any]) -> Html:
    title, url = str(cited.get("title") or cited.get("article") or ""), str(cited.get("url") or "")
    # A link is followed only by a person's click; anything that is no web address stays text.
    named = tag("a", title, href=url, rel="noreferrer noopener") if _LINK.fullmatch(url) else tag("span", title)
    where = " · ".join(str(cited[key]) for key in ("published", "publisher") if cited.get(key))
    place = f"{cited.get('article', '')}:{cited.get('start', '')}-{cited.get('end', '')}"
    number = tag("sup", f"[{cited.get('n', '')}]")
    return tag(
        "li",
        tag("blockquote", str(cited.get("quote", ""))),
        tag("p", number, " ", named, f" · {where}" if where else None, " ", tag("code", place), class_="under"),
    )


def _withheld(withheld: Mapping[str, Any]) -> Html:
    return tag("li", str(withheld.get("text", "")), " ", tag("span", str(withheld.get("why", "")), class_="mark"))


def _passages(passages: Sequence[Mapping[str, Any]]) -> Html:
    head = ("#", "passage", "dense", "lexical", "cosine", "score")
    rows = (
        tag(
            "tr",
            tag("td", str(rank)),
            tag("td", tag("code", f"{p.get('article', '')}:{p.get('start', '')}-{p.get('end', '')}")),
            *(tag("td", _number(p.get(k))) for k in ("dense_rank", "lexical_rank", "similarity", "score")),
        )
        for rank, p in enumerate(passages, 1)
    )
    inner = tag("table", tag("thead", tag("tr", *(tag("th", h, scope="col") for h in head))), tag("tbody", *rows))
    return tag("details", tag("summary", f"{len(passages)} passages retrieved"), inner, class_="passages")


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return "–" if value is None else str(value)
