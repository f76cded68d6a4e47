"""Loads a prompt file and fills it; its name and hash travel with every answer."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from qa.domain import Message
from qa.errors import NotConfigured
from qa.settings import content_folder

_USER = "=== user ===\n"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A file of prompts/: the system message, then, after a line `=== user ===`, the user's, with {fields}."""

    name: str
    text: str

    @property
    def label(self) -> str:
        """`answer@3f2a91c0`: the name, and the first eight hex digits of the text's SHA-256."""
        return f"{self.name}@{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"

    def fill(self, **fields: str) -> list[Message]:
        """The messages. A field's value is put in as it is and never looked at for fields again."""
        system, _, user = self.text.rpartition(_USER)
        parts = [("system", system), ("user", user)] if system else [("user", user)]
        return [Message("system" if role == "system" else "user", _fill(text, fields).strip()) for role, text in parts]


def _fill(text: str, fields: dict[str, str]) -> str:
    before, brace, rest = text.partition("{")
    name, end, after = rest.partition("}")
    if brace and end and name in fields:
        return before + fields[name] + _fill(after, fields)
    return before + brace + _fill(rest, fields) if brace else text


@lru_cache
def load(name: str) -> Prompt:
    """Raises NotConfigured if prompts/NAME.md is missing."""
    path = content_folder("prompts") / f"{name}.md"
    try:
        return Prompt(name, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NotConfigured(
            f"The prompt {path} cannot be read.", "Restore it, or install the program again."
        ) from error
