"""For the tests of the index: an embedder without a model, articles made by hand, and other processes."""

import hashlib
import math
import multiprocessing
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from qa.adapters.catalogue import Catalogue
from qa.adapters.chroma import Vectors
from qa.adapters.index import Index
from qa.adapters.index_folder import IndexFolder
from qa.domain import Article, Filters, Vector
from qa.indexing import Report, refresh


class FakeEmbedder:
    """A bag of words, each 256 signs made of its hash: texts with the same words are near each other."""

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
        for word, times in Counter(re.findall(r"\w+", text.casefold())).items():
            bits = int.from_bytes(hashlib.sha256(word.encode()).digest())
            for i in range(self.dimensions):
                vector[i] += math.log1p(times) * (1 if bits >> i & 1 else -1)
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


def write_slowly(folder: Path, started: Event) -> None:
    """Index 60 articles in five batches or more, telling when the first is being embedded."""

    class Slow(FakeEmbedder):
        def embed(self, texts: Sequence[str]) -> list[Vector]:
            started.set()
            return super().embed(texts)

    refresh(folder, newspaper(60), Slow(pause=0.03))


def hold(folder: Path, started: Event, finish: Event) -> None:
    """Write an article, and keep hold of the index until told to finish."""

    def items() -> Iterator[Article]:
        yield from newspaper(1)
        started.set()
        finish.wait(30)

    refresh(folder, items(), FakeEmbedder())


def passage_ids(folder: Path) -> set[str]:
    return set(Catalogue(IndexFolder(folder)).passage_ids(Filters()))


def answers(folder: Path) -> list[Any]:
    """What an index answers to some questions, vectors and words."""
    index, embedder, found = Index(folder), FakeEmbedder(), []
    for n in (0, 3, 7):
        for filters in (Filters(), Filters(source="reuters"), Filters(since=date(2025, 3, 1))):
            found.append(index.dense(embedder.embed([f"topic{n} detail{n}x2 story"])[0], 5, filters))
            found.append(index.lexical([f"topic{n}", f"detail{n}x1"], 5, filters))
    index.close()
    return [[(id, round(score, 4)) for id, score in rows] for rows in found]


def whole(folder: Path) -> None:
    """The vectors are those of the passages, each and no other."""
    assert ids_of_vectors(folder) == passage_ids(folder)


# Children start from a server that has imported the slow libraries: 0.1 s for each in place of 4.
children = multiprocessing.get_context("forkserver")
children.set_forkserver_preload(["chromadb", "chromadb.api.rust", "qa.adapters.llama_index"])
