"""A run as JUnit XML, which CI servers show: a testcase a question, and with a baseline a testcase a measure.

Wrong is a failure, an error an error. *Cannot tell* is a skipped test: it did not pass, and nobody found it wrong.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from qa.evaluation.comparison import Comparison
from qa.evaluation.flips import stage
from qa.evaluation.reports.terminal import COLUMNS, cells, said, share
from qa.evaluation.results import Run
from qa.evaluation.trials import Turn, turns
from qa.text import printable

# What XML 1.0 allows (§2.2) is not all that printable() keeps.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(run: Run, comparison: Comparison | None) -> str:
    root = ET.Element("testsuites", name="qa eval")
    _suite(root, "questions", [_question(turn) for turn in turns(run)], run.made)
    if comparison:
        _suite(root, "against the baseline", list(_compared(comparison)), run.made)
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, name: str, cases: list[ET.Element], made: str) -> None:
    suite = ET.SubElement(root, "testsuite", name=name, tests=str(len(cases)), timestamp=_clean(made))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
    suite.extend(cases)


def _question(turn: Turn) -> ET.Element:
    shown = turn.shown
    case = _case(turn.first.tags[0] if turn.first.tags else "untagged", turn.id, sum(r.seconds for r in turn.results))
    path, _, line = turn.first.where.rpartition(":")
    if path:  # not in the schema, but what CI servers link to, as pytest's own reports have it
        case.set("file", _clean(path))
        case.set("line", _clean(line))
    if turn.tally.passed:
        return case
    kind = {"error": "error", "cannot tell": "skipped"}.get(turn.outcome, "failure")
    told = shown.error or shown.reason if kind == "error" else shown.reason
    reason = "the article that must be cited is not" if turn.outcome == "miscited" else told
    found = ET.SubElement(case, kind, message=_clean(f"{stage(shown)}: {reason}"))
    if kind != "skipped":  # which has no type in JUnit's schema
        found.set("type", stage(shown))
    lines = [
        f"question: {shown.told}",
        f"accepted: {' | '.join(shown.accepted) or '(the articles do not say)'}",
        f"answer: {said(shown)}",
        *([f"passed: {share(turn.tally)}"] if share(turn.tally) else []),
        *(f"cites: [{c.get('n')}] {c.get('article')} “{c.get('quote')}”" for c in shown.citations),
        *(f"withheld: {w.get('text')} ({w.get('why')})" for w in shown.withheld),
    ]
    found.text = _clean("\n".join(lines))
    return case


def _compared(comparison: Comparison) -> Iterable[ET.Element]:
    for measure in comparison.measures:
        case = _case("baseline", measure.name, 0)
        told = "; ".join(f"{name} {cell}" for name, cell in zip(COLUMNS[1:-1], cells(measure)[1:-1], strict=True))
        if measure.judgement == "worse":
            ET.SubElement(case, "failure", message=told, type="worse")
        elif measure.judgement == "cannot tell":
            ET.SubElement(case, "skipped", message=f"cannot tell: {told}")
        yield case
    for id in comparison.broken:
        case = _case("baseline", f"critical: {id}", 0)
        ET.SubElement(case, "failure", message="was right and is not any more", type="critical")
        yield case
    for id in comparison.unseen:
        case = _case("baseline", f"critical: {id}", 0)
        ET.SubElement(case, "error", message="was right and was not asked as before", type="critical")
        yield case


def _case(group: str, name: str, seconds: float) -> ET.Element:
    return ET.Element("testcase", classname=_clean(group), name=_clean(name), time=f"{seconds:.3f}")


def _clean(text: str) -> str:
    return _NOT_XML.sub("", printable(str(text)))
