"""The door to chromadb: the passages' vectors, in the collection "passages" of an index's chroma folder.

    with folder.turn():
        vectors = Vectors(folder)
        vectors.query(vector, 10)        # [("9f…", 0.83), …]: passage ids and cosine similarities, best first

Hold the folder's turn around every call, opening included. chromadb is imported at the first (1.1 s).
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from qa.adapters.index_folder import IndexFolder
from qa.domain import Vector

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

COLLECTION = "passages"
BATCH = 5000
"""Rows of one call; Chroma takes 5,461 at most."""

# Chroma's own 100, 100 and 16 find 94 % of the true 50 nearest of 20,000 vectors, and other ones after each rebuild,
# for the graph's layout is random; these find 99.9 %, for 2.5 ms a query in place of 1.3. More neighbours keep vectors
# within reach that stand in dense crowds.
HNSW: "CreateHNSWConfiguration" = {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}


class Vectors:
    """A collection, opened. Raises IndexDamaged where it cannot be read.

    A folder that cannot be written to is read from a copy in the temporary folder, since Chroma writes even to read.
    One that stays open while another process writes goes stale: close it and open another.
    """

    def __init__(self, folder: IndexFolder, *, create: bool = False) -> None:
        self.folder = folder
        self._copied: Path | None = None
        if not create and not folder.vectors.is_file():
            raise folder.vectors_damaged("they are not there")
        with translated(folder):
            self._client = _client(folder.chroma if folder.writable else self._copy(folder.chroma))
            if create:
                self.collection = self._client.get_or_create_collection(
                    COLLECTION, embedding_function=None, configuration={"hnsw": HNSW}
                )
            else:
                self.collection = self._client.get_collection(COLLECTION, embedding_function=None)

    def count(self) -> int:
        with translated(self.folder):
            return self.collection.count()

    def ids(self) -> set[str]:
        with translated(self.folder):
            return set(self.collection.get(include=[])["ids"])

    def query(self, vector: Vector, k: int, among: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The k nearest passages, of those whose ids are given, as (id, cosine similarity), best first."""
        if among is not None and not among:
            return []
        with translated(self.folder):
            # Filters are ids for Chroma, not `where` clauses: 2 to 7 times as fast, and as exact.
            ids = None if among is None else list(among)
            query: list[Sequence[float] | Sequence[int]] = [[float(x) for x in vector]]
            found = self.collection.query(query_embeddings=query, n_results=k, ids=ids, include=["distances"])
            distances = (found["distances"] or [[]])[0]
            rows = [(id, 1.0 - distance) for id, distance in zip(found["ids"][0], distances, strict=True)]
            return sorted(rows, key=lambda row: (-row[1], row[0]))

    def delete(self, ids: Sequence[str]) -> None:
        """Delete rows; those that are not there are none to delete."""
        with translated(self.folder):
            for start in range(0, len(ids), BATCH):
                self.collection.delete(ids=list(ids[start : start + BATCH]))

    def close(self) -> None:
        with translated(self.folder):
            self._client.close()
        if self._copied:
            shutil.rmtree(self._copied, ignore_errors=True)

    def _copy(self, chroma: Path) -> Path:
        copy = Path(tempfile.mkdtemp(prefix="qa-index-"))
        # At exit as well, and not before: a LlamaIndex store may hold our collection for longer than we live.
        atexit.register(shutil.rmtree, copy, ignore_errors=True)
        self._copied = copy
        for path in sorted(chroma.rglob("*")):  # not shutil.copytree, which copies the folders' modes
            target = copy / path.relative_to(chroma)
            target.mkdir() if path.is_dir() else shutil.copyfile(path, target)
        return copy


def _client(path: Path) -> "Client":
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    # Chroma would hand out again what any part of this process has opened, or failed to open, in this folder before:
    # as stale as that has become, and without its files if they were replaced.
    SharedSystemClient.clear_system_cache()
    # No .env of the folder we happen to stand in, no variable meant for a Chroma server, and no telemetry.
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own, which its types do not tell of
        anonymized_telemetry=False,
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        migrations="apply",
    )
    return cast("Client", chromadb.PersistentClient(path=path, settings=settings))


@contextmanager
def translated(folder: IndexFolder) -> Iterator[None]:
    """Chroma's errors as IndexDamaged; also around what a library does with our collection."""
    from chromadb.errors import ChromaError, InvalidArgumentError

    try:
        yield
    except InvalidArgumentError as error:  # a vector of another length: mending would not help
        raise folder.damaged(f"Chroma says: {error}") from error
    except (ChromaError, OSError, ValueError) as error:
        raise folder.vectors_damaged(f"Chroma says: {error}") from error
    except BaseException as error:
        # What its Rust core did not foresee; pyo3 derives it from BaseException.
        if type(error).__name__ == "PanicException":
            raise folder.vectors_damaged(f"Chroma says: {error}") from error
        raise
