"""Sixty articles about sixty flights that only a number tells apart, a question about each, and a model that reads them.

KD4417's article says: "Flight KD4417 left 23 minutes late on Tuesday … It landed 41 minutes late all the same."
Asked "How many minutes late did flight KD4417 leave?", Reader replies as a sound model would, or as it was broken to.
"""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loopback import Reply, Text

_WHY = (
    "because of fog over the fjord", "after a bird struck an engine", "because its crew had come in late",
    "when a queue formed at the gate", "because snow lay on the runway", "after a wheel had to be changed",
)  # fmt: skip
_SAID = (
    "Nobody was hurt", "Coffee was served", "Some travellers missed a train", "The airline said that it was sorry",
    "A choir on board sang", "Two seats stayed empty", "A dog slept through it all", "The pilot told jokes",
)  # fmt: skip


@dataclass(frozen=True)
class Flight:
    code: str
    left: int
    landed: int
    text: str

    @property
    def id(self) -> str:
        return self.code.lower()

    @property
    def quote(self) -> str:
        return f"Flight {self.code} left {self.left} minutes late"

    @property
    def question(self) -> str:
        return f"How many minutes late did flight {self.code} leave?"


def _flight(chance: random.Random, code: str) -> Flight:
    left, landed = chance.sample(range(13, 90), 2)
    said = ", and ".join(s.lower() if n else s for n, s in enumerate(chance.sample(_SAID, 3)))
    text = (
        f"Flight {code} left {left} minutes late on Tuesday {chance.choice(_WHY)}. {said}."
        f" It landed {landed} minutes late all the same, the airport wrote."
    )
    return Flight(code, left, landed, text)


def flights(number: int = 60) -> list[Flight]:
    chance = random.Random(20250919)
    return [_flight(chance, "".join(chance.sample("BD", 2)) + str(n)) for n in chance.sample(range(1000, 9999), number)]


FLIGHTS = flights()
BY_CODE = {flight.code: flight for flight in FLIGHTS}
ARTICLES = "".join(
    json.dumps({"id": f.id, "title": "A flight was late", "published": "2025-09-17", "text": f.text}) + "\n"
    for f in FLIGHTS
)
GOLD = "".join(
    json.dumps({
        "id": f.id, "question": f.question, "accept": [{"number": {"value": str(f.left), "unit": "minutes"}}],
        "cite": {"any_of": [f.id]}, "tags": ["flight"],
        "severity": "critical" if n == 0 else "normal",
    }) + "\n"
    for n, f in enumerate(FLIGHTS)
)  # fmt: skip

Habit = Callable[[Flight, dict[str, int]], str]
"""What a model writes about the flight asked about; it is given the number of each flight's source in the prompt."""


def sound(flight: Flight, sources: dict[str, int]) -> str:
    return f'{flight.quote} [{sources[flight.code]}: "{flight.quote}"].'


def reader(habit: Habit) -> Callable[[Any], Reply]:
    """A model with this habit; what stands in no source it leaves open."""

    def reply(body: Any) -> Reply:
        prompt = body["messages"][1]["content"]
        sources = {code: int(n) for n, code in re.findall(r"^\[(\d+)\] [^\n]*\nFlight (\w+)", prompt, re.MULTILINE)}
        asked = prompt.rpartition("Question: ")[2]
        flight = next(f for f in FLIGHTS if f.code in asked)
        return Text(habit(flight, sources) if flight.code in sources else "INSUFFICIENT: that flight")

    return reply
