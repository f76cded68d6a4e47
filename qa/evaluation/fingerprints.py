"""What made a run: hashes and names by which two runs tell whether they may be compared.

{"corpus": "3f2a91c07b1e44d0", "gold": "…", "prompt": "answer@1e22…, repair@…", "model": "gpt-6-luna",
 "embedder": "…", "code": "…", "settings": "passages=8 depth=40 timeout=60 repeat=1", "judge": "", "recording": ""}
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import qa
from qa import prompts
from qa.domain import Article
from qa.evaluation.gold import Item
from qa.settings import OFFLINE, content_folder


def of(value: object) -> str:
    """The first 16 hex digits of the SHA-256 of a value that JSON can write."""
    told = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def corpus(articles: Iterable[Article]) -> str:
    return of(sorted((article.id, article.sha256) for article in articles))


def gold(items: Iterable[Item]) -> str:
    """Of what the items mean; their order and their tags do not matter."""
    return of(sorted((item.id, item.fingerprint) for item in items))


def prompt(model: str, conversations: bool = False) -> str:
    """The prompts that a model service is asked by; the embedded picker has none."""
    used = ("answer", "repair", *(("condense", "summary") if conversations else ()))
    return "" if model == OFFLINE else ", ".join(prompts.load(name).label for name in used)


def code() -> str:
    """Of the package's .py files and of the prompts: what a change to either may change in an answer."""
    package = Path(qa.__file__).parent
    files = [*package.rglob("*.py"), *content_folder("prompts").glob("*")]
    return of(sorted((file.name, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files if file.is_file()))


def settings(**values: object) -> str:
    """In words, so that a report can show what differs: `passages=8 depth=40`."""
    return " ".join(f"{name}={value}" for name, value in values.items())


def run(fingerprints: Mapping[str, str]) -> str:
    """Of a whole run: two with the same one asked the same thing of the same program."""
    return of(dict(fingerprints))
