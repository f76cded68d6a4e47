"""YAML and JSONL where every scalar is a string, and whatever is not expected is refused with its file and line.

    load(Path("gold.yaml"))[0].mapping("a gold file", ("version", "items"))["version"].text("version")  → "1"
    …["items"].sequence("items")[3].mapping("an item", ("id", "question"))
        UsageError: gold.yaml:17: unknown key 'qestion' in an item; allowed: id, question.

YAML's own reading of scalars is declined because it makes a date of 2025-12-16, a number of 1_000 and False of "no".
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from qa.errors import UsageError

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands. Scalars are kept as they are written."""

    value: "str | list[Node] | list[tuple[str, Node]]"
    kind: str
    """"text", "list" or "mapping"."""
    where: str

    def wrong(self, what: str, allowed: str) -> UsageError:
        return UsageError(f"{self.where}: {what};", f"allowed: {allowed}.")

    def text(self, name: str) -> str:
        if not isinstance(self.value, str):
            raise self.wrong(f"{name} is a {self.kind}", "text")
        if not self.value.strip():
            raise self.wrong(f"{name} is empty", "text")
        return self.value.strip()

    def choice(self, name: str, allowed: Sequence[str]) -> str:
        written = self.text(name)
        if written not in allowed:
            raise self.wrong(f"{name} is {written!r}", ", ".join(allowed))
        return written

    def sequence(self, name: str) -> "list[Node]":
        if self.kind != "list":
            raise self.wrong(f"{name} is a {self.kind}", "a list of at least one")
        if not self.value:
            raise self.wrong(f"{name} is empty", "a list of at least one")
        return [node for node in self.value if isinstance(node, Node)]

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(node.text(name) for node in self.sequence(name))

    def mapping(self, name: str, allowed: Sequence[str], needed: Sequence[str] = ()) -> "dict[str, Node]":
        """The values by key. Raises UsageError for another kind, an unknown, repeated or missing key."""
        if self.kind != "mapping":
            raise self.wrong(f"{name} is a {self.kind}", f"a mapping with {', '.join(allowed)}")
        found: dict[str, Node] = {}
        for key, node in (pair for pair in self.value if isinstance(pair, tuple)):
            if key not in allowed:
                raise node.wrong(f"unknown key {key!r} in {name}", ", ".join(allowed))
            if key in found:
                raise node.wrong(f"the key {key!r} stands twice in {name}", "each key once")
            found[key] = node
        if missing := [key for key in needed if key not in found]:
            raise self.wrong(f"{name} without {missing[0]!r}", ", ".join(allowed))
        return found


def load(path: Path) -> list[Node]:
    """The one document of a YAML file, or the objects of a JSONL file, a line each. Raises UsageError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)
        raise UsageError(f"{path} cannot be read: {reason}.", "Name a gold file in YAML or JSONL.") from None
    if not text.strip():
        raise UsageError(f"{path} is empty:", "a gold file needs at least one item.")
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return [_json(line, f"{path}:{n}") for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    return [_yaml(text, path)]


def _yaml(text: str, path: Path) -> Node:
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line + 1) if error.problem_mark else 1
        raise UsageError(
            f"{path}:{line}: this is not YAML: {error.problem};", "check indentation and quotes."
        ) from None
    except yaml.YAMLError as error:
        raise UsageError(f"{path}: this is not YAML: {error};", "check for odd characters.") from None
    if len(documents) != 1 or documents[0] is None:
        raise UsageError(f"{path}: {len(documents)} YAML documents;", "allowed: one, with version and items.")
    return _from_yaml(documents[0], path, (), {})


def _from_yaml(node: yaml.Node, path: Path, above: tuple[int, ...], seen: dict[int, Node]) -> Node:
    """`seen` keeps what an alias repeats from being read again: nine lines of aliases can stand for a billion nodes."""
    if id(node) not in seen:
        seen[id(node)] = _read_yaml(node, path, above, seen)
    return seen[id(node)]


def _read_yaml(node: yaml.Node, path: Path, above: tuple[int, ...], seen: dict[int, Node]) -> Node:
    where = f"{path}:{node.start_mark.line + 1}"
    if id(node) in above or len(above) > _DEEPEST:
        raise UsageError(f"{where}: an alias that holds itself, or nesting without end;", "write the item out.")
    above = (*above, id(node))
    if isinstance(node, yaml.ScalarNode):
        return Node(node.value, "text", where)
    if isinstance(node, yaml.SequenceNode):
        return Node([_from_yaml(n, path, above, seen) for n in node.value], "list", where)
    pairs: list[tuple[str, Node]] = []
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise UsageError(f"{path}:{key.start_mark.line + 1}: a key that is no text;", "allowed: text.")
        # The key's own line, not the value's, is where a person looks for a wrong key.
        inner = _from_yaml(value, path, above, seen)
        pairs.append((key.value, Node(inner.value, inner.kind, f"{path}:{key.start_mark.line + 1}")))
    return Node(pairs, "mapping", where)


def _json(line: str, where: str) -> Node:
    try:
        # Figures and constants stay as they are written; pairs keep a key that stands twice.
        read = json.loads(line, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: this line is not JSON: {error};", "each line holds one item.") from None
    return _from_json(read, where)


class _Pairs(list[tuple[str, object]]):
    """An object's pairs; a type of its own, for an empty object is no empty list."""


def _from_json(value: object, where: str) -> Node:
    if isinstance(value, _Pairs):
        return Node([(key, _from_json(inner, where)) for key, inner in value], "mapping", where)
    if isinstance(value, list):
        return Node([_from_json(inner, where) for inner in value], "list", where)
    if value is None:
        return Node([], "null", where)
    return Node({True: "true", False: "false"}[value] if isinstance(value, bool) else str(value), "text", where)
