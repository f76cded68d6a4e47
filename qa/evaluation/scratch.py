"""Keeps the results of a run that is under way, so that one that was interrupted can go on: `qa eval --resume`.

A file in the user's cache folder, named by the run's fingerprints, a finished result a line; gone when the run is done.
What was an error is not kept: going on means to try it again.
"""

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from qa.evaluation import results
from qa.evaluation.results import Result


class Scratch:
    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._path = folder / f"{fingerprint}.jsonl"

    def results(self) -> dict[tuple[str, int], Result]:
        """What was finished, by id and trial; nothing where there is no such file."""
        try:
            lines = self._path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return {}
        found = [result for line in lines if (result := _result(line))]
        return {(result.id, result.trial): result for result in found}

    def start(self, results: list[Result]) -> None:
        """Begin anew, with these."""
        with suppress(OSError):  # a cache that cannot be written to costs a later --resume, not this run
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text("".join(map(_line, results)), "utf-8")

    def add(self, result: Result) -> None:
        if result.verdict != "error":
            with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
                file.write(_line(result))

    def remove(self) -> None:
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _line(result: Result) -> str:
    # ASCII: a line separator inside an answer must not split its line.
    return json.dumps(asdict(result)) + "\n"


def _result(line: str) -> Result | None:
    """None for a line that the interrupt cut off, or that another version wrote."""
    try:
        return results.result(json.loads(line))
    except (ValueError, TypeError, AttributeError):
        return None
