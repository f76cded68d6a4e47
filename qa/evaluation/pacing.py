"""Works off many tasks, some at a time, at the pace that the model service allows.

    for result in work(tasks, lambda task: pace.run(lambda: answer(task)), jobs=4): …     # in any order

A rate limit that one task meets slows down all: a service counts requests by key, not by who sends them.
Threads of our own stand here in place of a ThreadPoolExecutor, which on Ctrl-C waits for every call under way.
"""

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from qa.domain import Article, Filters, Passage, PassageIndex, Vector
from qa.errors import RateLimited

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")

TRIES = 4
"""How often a task that meets a rate limit is begun, all in all."""
FIRST_WAIT = 2.0
LONGEST_WAIT = 60.0


class Pace:
    """When the next request may go out. One for a whole run; threads share it."""

    def __init__(self) -> None:
        self._not_before = 0.0
        self._lock = threading.Lock()
        self._exhausted = False

    def run(self, call: Callable[[], Outcome]) -> Outcome:
        """What the call gives; one that meets a rate limit is made again. Raises RateLimited when that does not help."""
        wait = FIRST_WAIT
        for tries_left in range(TRIES - 1, -1, -1):
            self._wait()
            try:
                return call()
            except RateLimited as error:
                # A task that waited in vain shows that the quota is used up; the others need not wait for that again.
                if not tries_left or self._exhausted:
                    self._exhausted = True
                    raise
                self._slow_down(max(wait, _asked_to_wait(error)))
                wait *= 2
        raise AssertionError("unreachable")

    def _wait(self) -> None:
        while (left := self._not_before - time.monotonic()) > 0:
            time.sleep(left)

    def _slow_down(self, seconds: float) -> None:
        with self._lock:
            self._not_before = max(self._not_before, time.monotonic() + min(seconds, LONGEST_WAIT))


def _asked_to_wait(error: RateLimited) -> float:
    """The seconds that the service asked for; the adapter tells them to people, in the hint."""
    told = re.search(r"in (\d+) s", error.hint)
    return float(told[1]) if told else 0.0


def work(tasks: Sequence[Task], do: Callable[[Task], Outcome], jobs: int) -> Iterator[Outcome]:
    """What comes of each task, as it is finished. `do` must not raise; what it raises all the same is raised here."""
    if jobs <= 1:
        yield from map(do, tasks)
        return
    waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
    finished: queue.SimpleQueue[Outcome | BaseException] = queue.SimpleQueue()
    stop = threading.Event()
    for task in tasks:
        waiting.put(task)

    def toil() -> None:
        while not stop.is_set():
            try:
                finished.put(do(waiting.get_nowait()))
            except queue.Empty:
                return
            except BaseException as error:
                finished.put(error)

    for _ in range(min(jobs, len(tasks))):
        threading.Thread(target=toil, daemon=True).start()
    try:
        for _ in tasks:
            outcome = finished.get()
            if isinstance(outcome, BaseException):
                raise outcome
            yield outcome
    finally:
        stop.set()


class OneAtATime(PassageIndex):
    """An index that threads share: searching takes milliseconds, and its connections are not made for more than one."""

    def __init__(self, index: PassageIndex) -> None:
        self._index = index
        self._lock = threading.Lock()

    def dense(self, vector: Vector, k: int, filters: Filters) -> list[tuple[str, float]]:
        with self._lock:
            return self._index.dense(vector, k, filters)

    def lexical(self, terms: Sequence[str], k: int, filters: Filters) -> list[tuple[str, float]]:
        with self._lock:
            return self._index.lexical(terms, k, filters)

    def passages(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        with self._lock:
            return self._index.passages(ids)
