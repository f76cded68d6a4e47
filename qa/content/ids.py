"""Gives every article its id, the same one whatever the order in which files are read.

ids = Ids(known={"/news/a.txt": "a"}, claims={"/news/b.md": "mayor"}, lines_of=set())
ids.of("/news/a.txt", "a", None) == "a"            # as it was indexed
ids.of("/news/b.md", "b", "mayor") == "mayor"      # as its metadata states
ids.of("/more/a.txt", "a", None) == "a-3f29c1"     # its name is taken
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping

from qa.content.draft import UnreadableError
from qa.content.text import clean

_LONGEST = 300


def claim(stated: str | None) -> str | None:
    """The id that an article's metadata claims, or None; raises UnreadableError for what can be no id."""
    wanted = clean(stated or "")
    if len(wanted) > _LONGEST:
        raise UnreadableError(f"its id is longer than {_LONGEST} characters")
    if not wanted.isprintable():
        raise UnreadableError("its id holds a line break, or another character that cannot be printed")
    return wanted or None


class Ids:
    """The ids of one reading.

    `known` maps the sources indexed before to their ids; `claims` maps every source that can claim an id, and is
    there now, to its claim or None; `lines_of` are the files whose lines are sources, all of which stand in `claims`.
    """

    def __init__(self, known: Mapping[str, str], claims: Mapping[str, str | None], lines_of: Collection[str]) -> None:
        self._known = known
        self._claims = claims
        self._lines_of = lines_of
        self._claimants: defaultdict[str, list[str]] = defaultdict(list)
        for source, wanted in claims.items():
            if wanted:
                self._claimants[wanted].append(source)
        self._holders = {id: source for source, id in known.items() if self._holds(source, id)}
        self._given: set[str] = set()
        self._told: set[str] = set()

    def of(self, source: str, name: str, claimed: str | None) -> str | None:
        """The article's id; None where it has none because its claim is disputed, and that was said before.

        `name` is the id where neither the metadata nor an earlier reading gives one. Raises UnreadableError for a
        claim that is disputed, naming the others, once for each id.
        """
        if claimed:
            return self._claimed(source, claimed)
        known = self._known.get(source)
        return known if known and self._holders.get(known) == source else self._free(source, name)

    def _holds(self, source: str, id: str) -> bool:
        """Whether a source known by this id still has it."""
        if claimed := self._claims.get(source):
            return claimed == id
        # Lines move when others are added above them: an id goes with the line that states it, and a line that is
        # gone holds none.
        file = _file(source)
        if file in self._lines_of:
            return source in self._claims and not any(_file(other) == file for other in self._claimants.get(id, ()))
        return True

    def _claimed(self, source: str, id: str) -> str | None:
        holder = self._holders.get(id)
        others = [other for other in self._claimants[id] if other != source]
        if holder == source or not (holder or others):
            return id
        if id in self._told:
            return None
        self._told.add(id)
        if holder and holder not in others:
            others.insert(0, holder)
        names = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
        raise UnreadableError(f"claims the id “{id}”, and so does {names}; give each an id of its own")

    def _free(self, source: str, name: str) -> str:
        digest = hashlib.sha256(source.encode()).hexdigest()
        candidates = (name, *(f"{name}-{digest[:length]}" for length in range(6, 65)))
        id = next(c for c in candidates if not (c in self._holders or c in self._claimants or c in self._given))
        self._given.add(id)
        return id


def _file(source: str) -> str:
    return source.rpartition(":")[0]
