"""Gold pairs: questions with the answers that are right, read strictly.

    - id: tiktok-extension-end
      question: When does the TikTok extension end?
      accept: [{date: {value: 2025-12-16, precision: day, year: optional}}, {text: Dec. 16}]
      reject: [December 15]
      cite: {any_of: [002_ee6486a57864e93a, 003_d3fcd80b23e66124]}

    → Item(id="tiktok-extension-end", turns=(Turn(question="When does …", accept=(DateIs(2025, 12, 16), Text("Dec. 16")), …),))

One question is an item of one turn; a conversation has several. eval/gold.schema.json says the same to editors.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date as calendar_date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path

from qa.errors import UsageError
from qa.evaluation.strict import Node, load


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Regex:
    """Searched for anywhere in the answer, citation marks removed."""

    pattern: str


@dataclass(frozen=True, slots=True)
class NumberIs:
    """`unit` may be a currency ("$", "euros"), "%", a measure ("minutes") or the things counted ("users")."""

    value: Decimal
    unit: str = ""
    rel_tol: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class DateIs:
    """A date as precise as it must be stated: fields that are None need not be. `year_required` else it may be left out."""

    year: int
    month: int | None = None
    day: int | None = None
    year_required: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    """Right where the answer holds every one."""

    all: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YesNo:
    yes: bool


Accept = Text | Regex | NumberIs | DateIs | ListOf | YesNo


@dataclass(frozen=True, slots=True)
class Cite:
    """Which articles an answer must cite: one of `any_of`, or each of `all_of`. `quotes` stand in one of them."""

    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()

    @property
    def articles(self) -> tuple[str, ...]:
        return self.any_of or self.all_of


@dataclass(frozen=True, slots=True)
class Turn:
    """One question. `accept` is empty exactly where the articles do not answer it."""

    question: str
    accept: tuple[Accept, ...] = ()
    reject: tuple[str, ...] = ()
    cite: Cite | None = None
    why: str = ""

    @property
    def answerable(self) -> bool:
        return bool(self.accept)


@dataclass(frozen=True)
class Item:
    """What passes or fails as one. `cluster` is the unit that the statistics resample; its own id where none is given."""

    id: str
    turns: tuple[Turn, ...]
    tags: tuple[str, ...] = ()
    cluster: str = ""
    critical: bool = False
    where: str = ""
    """The file and line it was read from."""

    @property
    def question(self) -> str:
        """The question, or a conversation's last one."""
        return self.turns[-1].question

    @cached_property
    def fingerprint(self) -> str:
        """Of all that decides the verdict; two runs compare an item only if it is the same in both."""
        kinds = [[type(accept).__name__ for accept in turn.accept] for turn in self.turns]
        told = json.dumps([kinds, [asdict(turn) for turn in self.turns]], default=str, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


_ITEM = ("id", "question", "turns", "accept", "reject", "cite", "answerable", "why", "tags", "cluster", "severity")
_TURN = ("question", "accept", "reject", "cite", "answerable", "why")
_ACCEPT = ("text", "regex", "number", "date", "list", "yesno")
_ID = re.compile(r"(?!.*#\d+\Z)[^\s/]+")
"""`talk#2` is the second turn of the conversation `talk`, and no item may be taken for it."""


def read(paths: Sequence[Path]) -> tuple[Item, ...]:
    """The items of all the files, in order.

    Raises UsageError, with file and line, for a file that cannot be read, an unknown, repeated or missing key, a value
    of the wrong kind, an id used twice, and for files that hold no item.
    """
    items: dict[str, Item] = {}
    for path in paths:
        for node in _items(path):
            item = _item(node)
            if first := items.get(item.id):
                raise UsageError(
                    f"{node.where}: the id {item.id!r} is used at {first.where} already;", "ids are unique."
                )
            items[item.id] = item
    if not items:
        raise UsageError(f"No gold item in {', '.join(map(str, paths)) or 'no file'}:", "a run needs at least one.")
    return tuple(items.values())


def _items(path: Path) -> list[Node]:
    nodes = load(path)
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return nodes
    top = nodes[0].mapping("a gold file", ("version", "items"), ("version", "items"))
    top["version"].choice("version", ("1",))
    return top["items"].sequence("items")


def _item(node: Node) -> Item:
    found = node.mapping("an item", _ITEM, ("id",))
    id = found["id"].text("id")
    if not _ID.fullmatch(id):
        raise found["id"].wrong(
            f"id is {id!r}", "an id without blanks and slashes, and without #1 or the like at its end"
        )
    if "turns" in found:
        extra = next((key for key in _TURN if key in found), None)
        if extra:
            raise found[extra].wrong(f"{extra!r} stands beside 'turns'", f"{', '.join(_TURN)} inside each turn")
        turns = tuple(_turn(n.mapping("a turn", _TURN, ("question",)), n) for n in found["turns"].sequence("turns"))
    else:
        turns = (_turn(found, node),)
    return Item(
        id=id,
        turns=turns,
        tags=found["tags"].texts("tags") if "tags" in found else (),
        cluster=found["cluster"].text("cluster") if "cluster" in found else id,
        critical="severity" in found and found["severity"].choice("severity", ("critical", "normal")) == "critical",
        where=node.where,
    )


def _turn(found: dict[str, Node], node: Node) -> Turn:
    if "question" not in found:
        raise node.wrong("an item without 'question'", "'question', or 'turns' for a conversation")
    answerable = "answerable" not in found or found["answerable"].choice("answerable", ("true", "false")) == "true"
    if answerable and "accept" not in found:
        raise node.wrong("an answerable question without 'accept'", "'accept', or 'answerable: false' with 'why'")
    for key in ("accept", "reject", "cite"):
        if not answerable and key in found:
            raise found[key].wrong(f"{key!r} on a question that is not answerable", "'why' alone")
    return Turn(
        question=found["question"].text("question"),
        accept=tuple(_accept(n) for n in found["accept"].sequence("accept")) if "accept" in found else (),
        reject=found["reject"].texts("reject") if "reject" in found else (),
        cite=_cite(found["cite"]) if "cite" in found else None,
        why=found["why"].text("why") if "why" in found else "",
    )


def _cite(node: Node) -> Cite:
    found = node.mapping("cite", ("any_of", "all_of", "quotes"))
    if ("any_of" in found) == ("all_of" in found):
        raise node.wrong("cite names no articles, or names them twice", "one of any_of, all_of")
    return Cite(**{key: value.texts(key) for key, value in found.items()})


def _accept(node: Node) -> Accept:
    found = node.mapping("an accepted answer", _ACCEPT)
    if len(found) != 1:
        raise node.wrong(f"an accepted answer of {len(found)} kinds", f"exactly one of {', '.join(_ACCEPT)}")
    ((kind, value),) = found.items()
    if kind == "text":
        return Text(value.text("text"))
    if kind == "regex":
        return _regex(value)
    if kind == "number":
        return _number(value)
    if kind == "date":
        return _date(value)
    if kind == "list":
        return ListOf(value.mapping("list", ("all",), ("all",))["all"].texts("all"))
    return YesNo(value.choice("yesno", ("yes", "no")) == "yes")


def _regex(node: Node) -> Regex:
    pattern = node.text("regex")
    try:
        if re.compile(pattern).search(""):
            raise node.wrong(f"the regex {pattern!r} matches every answer", "a pattern that some answers do not match")
    except re.error as error:
        raise node.wrong(f"the regex {pattern!r} is none ({error})", "a Python regular expression") from None
    return Regex(pattern)


def _number(node: Node) -> NumberIs:
    found = node.mapping("number", ("value", "unit", "rel_tol"), ("value",))
    tolerance = _decimal(found["rel_tol"], "rel_tol") if "rel_tol" in found else Decimal(0)
    if not 0 <= tolerance < 1:
        raise found["rel_tol"].wrong(f"rel_tol is {tolerance}", "a share from 0 to below 1, such as 0.01")
    return NumberIs(_decimal(found["value"], "value"), found["unit"].text("unit") if "unit" in found else "", tolerance)


def _decimal(node: Node, name: str) -> Decimal:
    written = node.text(name)
    try:
        value = Decimal(written.replace(",", "").replace("_", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise node.wrong(f"{name} is {written!r}", "a number in figures, such as 170000000 or 3.8")
    return value


def _date(node: Node) -> DateIs:
    found = node.mapping("date", ("value", "precision", "year"), ("value",))
    written = found["value"].text("value")
    parts = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?", written)
    if not parts:
        raise found["value"].wrong(f"the date is {written!r}", "YYYY-MM-DD, YYYY-MM or YYYY")
    year, month, day = (int(part) if part else None for part in parts.groups())
    try:
        calendar_date(int(parts[1]), month or 1, day or 1)
    except ValueError:
        raise found["value"].wrong(f"the date {written} is in no calendar", "a day that there was or will be") from None
    levels = ("year", "month", "day")
    stated = levels[sum(part is not None for part in (month, day))]
    precision = found["precision"].choice("precision", levels) if "precision" in found else stated
    if levels.index(precision) > levels.index(stated):
        raise found["precision"].wrong(f"precision is {precision} and the date only {written}", "a date as precise")
    required = "year" in found and found["year"].choice("year", ("optional", "required")) == "required"
    assert year is not None
    return DateIs(
        year,
        month if precision != "year" else None,
        day if precision == "day" else None,
        required or precision == "year",
    )
