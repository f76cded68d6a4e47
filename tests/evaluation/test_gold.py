"""The gold format: what is read, what is refused with file and line, and that the editors' schema says the same."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from qa.errors import UsageError
from qa.evaluation import gold
from qa.evaluation.gold import Cite, DateIs, ListOf, NumberIs, Regex, Text, Turn, YesNo

EVAL = Path(__file__).parents[2] / "eval"

GOOD = """\
version: 1
items:
  - id: extension-end
    question: When does it end?
    accept:
      - date: {value: 2025-12-16, precision: day, year: optional}
      - text: Dec. 16
      - regex: '(?i)sixteenth'
      - number: {value: "16", unit: days, rel_tol: 0.05}
      - list: {all: [Dec. 16, 10%]}
      - yesno: no
    reject: [December 15]
    cite: {any_of: [a, b], quotes: [will end on December 16th]}
    tags: [date]
    cluster: law
    severity: critical
  - id: price
    question: How much?
    answerable: false
    why: No article says.
  - id: talk
    turns:
      - question: Who called?
        accept: [{text: Trump}]
      - question: And when?
        answerable: false
"""


def write(tmp_path: Path, text: str, name: str = "gold.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_kind_is_read(tmp_path: Path) -> None:
    first, price, talk = gold.read([write(tmp_path, GOOD)])
    assert first.turns[0] == Turn(
        question="When does it end?",
        accept=(
            DateIs(2025, 12, 16),
            Text("Dec. 16"),
            Regex("(?i)sixteenth"),
            NumberIs(Decimal(16), "days", Decimal("0.05")),
            ListOf(("Dec. 16", "10%")),
            YesNo(False),
        ),
        reject=("December 15",),
        cite=Cite(any_of=("a", "b"), quotes=("will end on December 16th",)),
    )
    assert (first.tags, first.cluster, first.critical) == (("date",), "law", True)
    assert first.where.endswith("gold.yaml:3")
    assert (price.turns[0].answerable, price.turns[0].why) == (False, "No article says.")
    assert price.cluster == "price"
    assert [t.question for t in talk.turns] == ["Who called?", "And when?"]


@pytest.mark.parametrize(
    ("date_", "expected"),
    [
        ("{value: 2025-12-16}", DateIs(2025, 12, 16)),
        ("{value: 2025-12-16, precision: month}", DateIs(2025, 12)),
        ("{value: 2025-01, year: required}", DateIs(2025, 1, None, True)),
        ("{value: 2025}", DateIs(2025, None, None, True)),
    ],
)
def test_dates_are_as_precise_as_they_are_said_to_be(tmp_path: Path, date_: str, expected: DateIs) -> None:
    text = f"version: 1\nitems:\n  - id: a\n    question: When?\n    accept: [{{date: {date_}}}]\n"
    assert gold.read([write(tmp_path, text)])[0].turns[0].accept == (expected,)


def test_jsonl_has_the_same_keys(tmp_path: Path) -> None:
    # Figures and constants are read as they are written, as in YAML.
    rows = [
        {"id": "a", "question": "How many?", "accept": [{"number": {"value": 170000000, "rel_tol": 0.01}}]},
        {"id": "b", "question": "How much?", "answerable": False},
    ]
    path = write(tmp_path, "\n".join(map(json.dumps, rows)) + "\n\n", "gold.jsonl")
    items = gold.read([path])
    assert items[0].turns[0].accept == (NumberIs(Decimal(170000000), "", Decimal("0.01")),)
    assert not items[1].turns[0].answerable
    assert items[1].where == f"{path}:2"


def item(body: str) -> str:
    return "version: 1\nitems:\n  - id: a\n    question: When?\n" + "".join(
        f"    {line}\n" for line in body.splitlines()
    )


# name: (text, what the error says, whether a schema can know it)
REFUSED: dict[str, tuple[str, str, bool]] = {
    "unknown key": (item("accept: [{text: x}]\ncites: [a]"), "gold.yaml:6: unknown key 'cites' in an item; allowed: id,", True),
    "unknown kind": (item("accept: [{txt: x}]"), "gold.yaml:5: unknown key 'txt' in an accepted answer; allowed: text,", True),
    "two kinds": (item("accept: [{text: x, regex: x}]"), "gold.yaml:5: an accepted answer of 2 kinds", True),
    "twice": (item("accept: [{text: x}]\naccept: [{text: y}]"), "gold.yaml:6: the key 'accept' stands twice in an item", False),
    "no accept": (item("tags: [a]"), "gold.yaml:3: an answerable question without 'accept'", True),
    "empty accept": (item("accept: []"), "gold.yaml:5: accept is empty", True),
    "accept is text": (item("accept: x"), "gold.yaml:5: accept is a text; allowed: a list", True),
    "text is a list": (item("accept: [{text: [x]}]"), "gold.yaml:5: text is a list; allowed: text", True),
    "empty text": (item('accept: [{text: " "}]'), "gold.yaml:5: text is empty", True),
    "accept beside not answerable": (item("accept: [{text: x}]\nanswerable: false"), "gold.yaml:5: 'accept' on a question", True),
    "answerable maybe": (item("answerable: maybe"), "gold.yaml:5: answerable is 'maybe'; allowed: true, false", True),
    "yesterday to yes or no": (item("accept: [{yesno: yesterday}]"), "yesno is 'yesterday'; allowed: yes, no", True),
    "number in words": (item("accept: [{number: {value: many}}]"), "value is 'many'; allowed: a number in figures", True),
    "not a number": (item("accept: [{number: {value: .nan}}]"), "value is '.nan'; allowed: a number in figures", False),
    "infinite": (item("accept: [{number: {value: Infinity}}]"), "value is 'Infinity'", True),
    "number without value": (item("accept: [{number: {unit: x}}]"), "gold.yaml:5: number without 'value'", True),
    "tolerance over all": (item("accept: [{number: {value: 1, rel_tol: 1}}]"), "rel_tol is 1; allowed: a share", True),
    "date in words": (item("accept: [{date: {value: Dec. 16}}]"), "the date is 'Dec. 16'; allowed: YYYY-MM-DD", True),
    "no such day": (item("accept: [{date: {value: 2025-02-30}}]"), "2025-02-30 is in no calendar", False),
    "too precise": (item("accept: [{date: {value: 2025-12, precision: day}}]"), "precision is day and the date only", False),
    "bad regex": (item("accept: [{regex: '('}]"), "the regex '(' is none", False),
    "regex for all": (item("accept: [{regex: 'x*'}]"), "matches every answer", False),
    "cites both ways": (item("accept: [{text: x}]\ncite: {any_of: [a], all_of: [b]}"), "allowed: one of any_of, all_of", True),
    "cites nothing": (item("accept: [{text: x}]\ncite: {quotes: [a b c]}"), "allowed: one of any_of, all_of", True),
    "severity": (item("accept: [{text: x}]\nseverity: high"), "severity is 'high'; allowed: critical, normal", True),
    "turns and accept": (item("turns: [{question: x, accept: [{text: x}]}]"), "'question' stands beside 'turns'", True),
    "id with a blank": ("version: 1\nitems:\n  - {id: a b, question: q, answerable: false}\n", "an id without blanks", True),
    "no question": ("version: 1\nitems:\n  - {id: a, answerable: false}\n", "an item without 'question'", True),
    "id used twice": (
        "version: 1\nitems:\n  - &i {id: a, question: q, answerable: false}\n  - {id: a, question: r, answerable: false}\n",
        "gold.yaml:4: the id 'a' is used at",
        False,
    ),
    "version 2": ("version: 2\nitems: [{id: a, question: q, answerable: false}]\n", "version is '2'; allowed: 1", True),
    "no version": ("items: [{id: a, question: q, answerable: false}]\n", "a gold file without 'version'", True),
    "zero items": ("version: 1\nitems: []\n", "items is empty", True),
    "no items": ("version: 1\n", "without 'items'", True),
    "a list of items": ("- {id: a, question: q, answerable: false}\n", "a gold file is a list", True),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_file_and_line(tmp_path: Path, name: str) -> None:
    text, expected, _ = REFUSED[name]
    with pytest.raises(UsageError) as error:
        gold.read([write(tmp_path, text)])
    assert expected in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("# nothing but words\n", "YAML documents"),
        ("version: 1\nitems: [\n", "gold.yaml:3: this is not YAML"),
        ("version: 1\n---\nversion: 1\n", "2 YAML documents"),
        ("&a [*a]\n", "an alias that holds itself"),
        ("\t- x", "this is not YAML"),
        ("version: 1\nitems: [{? [a] : b}]\n", "a key that is no text"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(UsageError, match=r"gold\.yaml") as error:
        gold.read([write(tmp_path, text)])
    assert expected in str(error.value)


def test_aliases_do_not_make_a_bomb(tmp_path: Path) -> None:
    layers = "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(12))
    with pytest.raises(UsageError, match="unknown key"):
        gold.read([write(tmp_path, "a0: &a0 [x]\n" + layers)])


@pytest.mark.parametrize("line", ['{"id": "a"', "[1]", "3", '{"id": null, "question": "q"}', '{"id": "a", "id": "b"}'])
def test_a_bad_line_of_jsonl(tmp_path: Path, line: str) -> None:
    good = '{"id": "x", "question": "q", "answerable": false}'
    with pytest.raises(UsageError, match=r"gold\.jsonl:2: "):
        gold.read([write(tmp_path, f"{good}\n{line}\n", "gold.jsonl")])


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"version: 1\n# \xe9\n")
    for path in (tmp_path / "none.yaml", tmp_path, latin):
        with pytest.raises(UsageError, match="cannot be read"):
            gold.read([path])
    with pytest.raises(UsageError, match="No gold item"):
        gold.read([])


def test_ids_are_unique_across_files(tmp_path: Path) -> None:
    text = "version: 1\nitems: [{id: a, question: q, answerable: false}]\n"
    paths = [write(tmp_path, text, "one.yaml"), write(tmp_path, text, "two.yaml")]
    with pytest.raises(UsageError, match=r"two\.yaml:2: the id 'a' is used at .*one\.yaml:2"):
        gold.read(paths)


def test_the_fingerprint_is_of_what_decides(tmp_path: Path) -> None:
    def fingerprint(text: str) -> str:
        return gold.read([write(tmp_path, text)])[0].fingerprint

    assert fingerprint(GOOD) == fingerprint("# moved down a line\n" + GOOD.replace("[date]", "[dates]"))
    assert fingerprint(GOOD) != fingerprint(GOOD.replace("text: Dec. 16", "text: Dec. 17"))
    # The same letters as another kind are another answer.
    assert fingerprint(item("accept: [{text: x}]")) != fingerprint(item("accept: [{regex: x}]"))


# ------------------------------------------------------------------------------------------------- the schema


def schema_accepts(text: str, loader: Any) -> bool:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((EVAL / "gold.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    # An editor's YAML 1.2 makes no date of 2025-12-16.
    read = yaml.load(text, Loader=loader)
    plain = json.loads(json.dumps(read, default=lambda value: value.isoformat()))
    return bool(jsonschema.Draft202012Validator(schema).is_valid(plain))


def test_the_schema_accepts_what_the_reader_accepts() -> None:
    assert schema_accepts(GOOD, yaml.BaseLoader)
    assert schema_accepts(GOOD.replace("yesno: no", 'yesno: "no"'), yaml.SafeLoader)
    for path in sorted(EVAL.glob("*.yaml")):
        gold.read([path])
        assert schema_accepts(path.read_text(encoding="utf-8"), yaml.BaseLoader), path


@pytest.mark.parametrize("name", [name for name, (_, _, told) in REFUSED.items() if told])
@pytest.mark.parametrize("loader", [yaml.BaseLoader, yaml.SafeLoader])
def test_the_schema_refuses_what_the_reader_refuses(name: str, loader: Any) -> None:
    assert not schema_accepts(REFUSED[name][0], loader)
