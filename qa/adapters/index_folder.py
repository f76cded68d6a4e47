"""What an index's folder holds, and who may work in it when; the door to filelock.

    articles.sqlite   the truth: articles with their whole texts, where their passages stand, and their vectors
    chroma/           the passages' vectors as Chroma and LlamaIndex search them, made from the truth
    write.lock        held by the one writer, for as long as it lives
    turn.lock         held by writer or reader for one step on chroma/

No other file in it is ours.
"""

import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.errors import IndexBusy, IndexDamaged, NotConfigured, UsageError

TURN_SECONDS = 60.0
"""A step on chroma/ takes milliseconds; whoever waits longer than this waits for a stopped process."""


@dataclass(frozen=True, slots=True)
class IndexFolder:
    """The folder of one index: `IndexFolder(Path("~/.local/share/qa/index").expanduser())`."""

    path: Path

    @property
    def articles(self) -> Path:
        return self.path / "articles.sqlite"

    @property
    def chroma(self) -> Path:
        return self.path / "chroma"

    @property
    def vectors(self) -> Path:
        """The file by which a Chroma folder is known."""
        return self.chroma / "chroma.sqlite3"

    @property
    def write_lock(self) -> Path:
        return self.path / "write.lock"

    @property
    def turn_lock(self) -> Path:
        return self.path / "turn.lock"

    @property
    def writable(self) -> bool:
        """Whether all that stands here may be written to: not so on a read-only disk, or in another user's folder."""
        files = (self.articles, self.chroma, self.vectors, self.write_lock, self.turn_lock)
        return os.access(self.path, os.W_OK) and all(os.access(f, os.W_OK) for f in files if os.path.lexists(f))

    def prepare(self) -> None:
        """Make the folder for a writer. Raises UsageError where that cannot be, or where it is somebody else's."""
        another = "Name another folder with --index DIR."
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"The index folder {self.path} cannot be made: {error.strerror}.", another) from error
        if not self.writable:
            raise UsageError(f"The index folder {self.path} cannot be written to.", another)
        # Mending deletes vectors that no article of ours has: never do that to a Chroma folder we did not make.
        if self.chroma.exists() and not self.articles.exists() and not self.write_lock.exists():
            raise UsageError(f"{self.path} holds a chroma folder that is not an index's.", another)

    @contextmanager
    def writing(self, wait: float = 0.0) -> Iterator[None]:
        """Be the one writer; another one is waited for `wait` seconds. Raises IndexBusy.

        To be held from before Chroma is opened until it is closed: two writers that only take turns lose each
        other's vectors, with no error.
        """
        with _held(self.write_lock, wait, f"Another process is writing the index {self.path}.", "Try again later."):
            yield

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be the only one, readers among them, that works on chroma/; for a step, never for long. Raises IndexBusy.

        Readers have to take turns as well: Chroma writes when it is opened, and when a query finds rows that were
        not yet applied. A folder that cannot be written to is read from a copy, without a turn.
        """
        if not self.writable:
            yield
            return
        told = f"The index {self.path} is held by a process that does not go on."
        with _held(self.turn_lock, TURN_SECONDS, told, "End that process, then try again."):
            yield

    def empty(self) -> None:
        """Remove the index's files, and no other. Raises UsageError."""
        # The vectors first: a kill in between leaves an index that lacks them, which the next writer mends.
        self.remove_chroma()
        for file in (self.articles.with_name(self.articles.name + "-journal"), self.articles):
            with self._deleting():
                file.unlink(missing_ok=True)

    def remove_chroma(self) -> None:
        if self.chroma.exists():
            with self._deleting():
                shutil.rmtree(self.chroma)

    def missing(self) -> NotConfigured:
        return NotConfigured(f"There is no index in {self.path}.", f"Build one with `qa index PATH {self._option}`.")

    def damaged(self, why: object) -> IndexDamaged:
        hint = f"Build it anew with `qa index PATH --rebuild {self._option}`."
        return IndexDamaged(f"The index {self.path} is damaged: {str(why).rstrip('.')}.", hint)

    def vectors_damaged(self, why: object) -> IndexDamaged:
        """The truth is there, from which the next writer makes the vectors again."""
        hint = f"Mend it with `qa index {self._option}`."
        return IndexDamaged(f"The vectors of the index {self.path} are damaged: {str(why).rstrip('.')}.", hint)

    @contextmanager
    def _deleting(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            told = f"The index {self.path} cannot be emptied: {error.strerror}."
            raise UsageError(told, "Name another folder with --index DIR.") from error

    @property
    def _option(self) -> str:
        return f"--index {shlex.quote(str(self.path))}"


@contextmanager
def _held(file: Path, wait: float, busy: str, hint: str) -> Iterator[None]:
    from filelock import FileLock, Timeout  # 37 ms, which a search without vectors does not need

    lock = FileLock(file, timeout=wait, poll_interval=0.01)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(busy, hint) from error
    except (OSError, NotImplementedError) as error:
        raise UsageError(f"{file} cannot be locked: {error}.", "Name another folder with --index DIR.") from error
    try:
        yield
    finally:
        lock.release()
