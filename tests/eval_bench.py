"""`qa eval` over a small paper, with a scripted service: what the tests of the harness share.

bench = Bench(program)
bench.eval(REOPENED, judge=["not JSON"]).code          # 9
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loopback import Loopback, Reply, Text
from program import Done, Program

KEY = "sk-proj-NotToBeSeenAnywhere2"
MODEL = "gpt-test"
JUDGE = "gpt-judge"

GOLD = """\
version: 1
items:
  - id: reopened
    question: On which day did the harbour of Oslo reopen?
    accept: [{text: Friday}]
    cite: {any_of: [harbour]}
    tags: [date]
  - id: kittens
    question: How many kittens live in the harbour of Oslo?
    answerable: false
    why: No article speaks of kittens.
"""
OPEN = """\
version: 1
items:
  - id: open
    question: Is the harbour of Oslo open again?
    accept: [{yesno: yes}]
    cite: {any_of: [harbour]}
"""
"""One that the scorer leaves to a judge."""


def quoting(said: str, quote: str, title: str = "Harbour reopens") -> Callable[[Any], Text]:
    """A reply that cites the passage with this title under the number that the prompt gives it."""

    def reply(body: Any) -> Text:
        found = re.search(rf"^\[(\d+)\] {re.escape(title)}", body["messages"][1]["content"], re.MULTILINE)
        return Text(f'{said} [{found[1] if found else 1}: "{quote}"].')

    return reply


REOPENED = quoting("The harbour reopened on Friday", "The harbour of Oslo reopened on Friday")
REFUSED = Text("INSUFFICIENT: how many kittens live there")
VAGUE = quoting("Ferries will sail again", "Four ferries will sail again")


def good(body: Any) -> Reply:
    """Right on both questions of GOLD."""
    return REFUSED if "kittens live" in body["messages"][1]["content"] else REOPENED


def by_model(answer: Reply, verdict: Reply) -> Callable[[Any], Reply]:
    """One server for both models."""
    return lambda body: verdict if body["model"] == JUDGE else answer


def verdict(outcome: str) -> str:
    return json.dumps({"reason": "It says so.", "verdict": outcome})


@dataclass(frozen=True)
class Bench:
    program: Program

    def file(self, name: str, text: str) -> Path:
        path = self.program.folder / name
        path.write_text(text, "utf-8")
        return path

    def run(self, *options: str, gold: str = GOLD) -> Done:
        """Without a service."""
        return self._clean(self.program.call("eval", str(self.file("gold.yaml", gold)), *options))

    def serve(self, *replies: Reply, options: Sequence[str] = (), gold: str = GOLD) -> tuple[Done, Loopback]:
        path = self.file("gold.yaml", gold)
        with Loopback(*replies) as server:
            asking = self.program.set(OPENAI_BASE_URL=server.url, OPENAI_API_KEY=KEY, QA_MODEL=MODEL)
            done = asking.call("eval", str(path), "--jobs", "1", *options)
        return self._clean(done), server

    def _clean(self, done: Done) -> Done:
        assert KEY not in done.out + done.err
        assert "Traceback" not in done.err
        return done


def timeless(run: Any) -> Any:
    """A stored run without its times."""
    if isinstance(run, dict):
        return {key: timeless(value) for key, value in run.items() if key not in ("made", "seconds")}
    return [timeless(value) for value in run] if isinstance(run, list) else run
