"""An embedder without a model, and articles made by hand, for the tests of the index."""

import hashlib
import math
import multiprocessing
import re
import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from qa.adapters.chroma import Vectors
from qa.adapters.index_folder import IndexFolder
from qa.domain import Article, Vector
from qa.indexing import Report, refresh


class FakeEmbedder:
    """A bag of words, each hashed to one of 256 dimensions: texts with the same words are near each other."""

    def __init__(self, fingerprint: str = "fake-256", pause: float = 0.0) -> None:
        self.fingerprint = fingerprint
        self.dimensions = 256
        self.pause = pause
        self.calls = 0
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        self.calls += 1
        self.texts += texts
        time.sleep(self.pause)
        return [self._embed(text) for text in texts]

    def count_tokens(self, text: str) -> int:
        return len(re.findall(r"\w+|[^\w\s]", text))

    def _embed(self, text: str) -> Vector:
        vector = [1e-3] * self.dimensions
        for word in re.findall(r"\w+", text.casefold()):
            vector[hashlib.sha256(word.encode()).digest()[0] % self.dimensions] += 1
        length = math.sqrt(sum(x * x for x in vector))
        return [x / length for x in vector]


def article(id: str, text: str = "", **other: Any) -> Article:
    fields = {"title": f"About {id}", "source": f"news/{id}.txt", **other}
    return Article(id=id, text=text or f"The {id} stands alone. Nobody saw {id} before.", **fields)


def newspaper(count: int, *, paragraphs: int = 4) -> list[Article]:
    """Articles of several passages each, each with words, and a length, of its own."""
    return [
        article(
            f"news{n:03}",
            "\n\n".join(
                f"Paragraph {p} of story {n} names topic{n} and detail{n}x{p}. "
                + f"Filler{p} number {n} goes on. " * (17 + (n * 7 + p * 3) % 10)
                for p in range(paragraphs)
            ),
            title=f"Story {n}",
            published=date(2025, 1 + n % 12, 1 + n % 28),
            publisher="Reuters" if n % 2 else "The Times",
            url=f"https://example.org/{n}",
        )
        for n in range(count)
    ]


def write(folder: Path, articles: Iterable[Article], *, pause: float = 0.0, wait: float = 0.0) -> Report:
    """Refresh an index, as slowly as `pause` seconds for each batch of passages; for other processes to run."""
    return refresh(folder, articles, FakeEmbedder(pause=pause), wait=wait)


def ids_of_vectors(folder: Path) -> set[str]:
    vectors = Vectors(IndexFolder(folder))
    try:
        return vectors.ids()
    finally:
        vectors.close()


# Children start from a server that has imported the slow libraries: 0.1 s for each in place of 4.
children = multiprocessing.get_context("forkserver")
children.set_forkserver_preload(["chromadb", "chromadb.api.rust", "qa.adapters.llama_index"])
