"""A conversation as a file: Markdown to read, or JSON that `qa verify` checks again."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qa import interchange
from qa.adapters.sessions import Kept
from qa.chatting.screen import told_filters
from qa.display import spent, withheld
from qa.errors import UsageError
from qa.text import one_line, printable


def save(kept: Sequence[Kept], file: Path, over: bool) -> None:
    """Raises UsageError for another ending, a file that is there unless `over`, and one that cannot be written."""
    write = FORMATS.get(file.suffix.casefold())
    if write is None:
        raise UsageError(f"{file} ends neither in .md nor in .json.", "The ending says how it is saved.")
    written = write(kept).encode()
    try:
        with file.open("wb" if over else "xb") as out:
            out.write(written)
    except FileExistsError:
        raise UsageError(f"{file} is there already.", f"Name another, or write over it: /save! {file}") from None
    except (OSError, ValueError) as error:  # the second for a name that no file can have
        raise UsageError(f"{file} cannot be written: {getattr(error, 'strerror', error)}.") from error


def as_json(kept: Sequence[Kept]) -> str:
    """An array of answers, each as `qa ask --json` gives it, with its time, filters and the articles' hashes."""
    rows = []
    for each in kept:
        row = interchange.turn(each.turn.answer)
        for cited in row["citations"]:
            cited["sha256"] = each.sha256.get(cited["article"])
        chosen = each.filters
        days = [day and day.isoformat() for day in (chosen.since, chosen.until)]
        row["filters"] = {"since": days[0], "until": days[1], "source": chosen.source}
        rows.append({"at": each.at.isoformat(), **row})
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def as_markdown(kept: Sequence[Kept]) -> str:
    return "\n".join(["# Questions and answers", *(line for each in kept for line in _turn(each))]) + "\n"


def _turn(kept: Kept) -> Iterator[str]:
    found = kept.turn.answer
    yield from ("", f"## {one_line(found.question)}", "")
    if found.understood:
        yield from (f"*understood: {one_line(found.understood)}*", "")
    yield printable(found.text)
    if found.missing and found.status == "answered":
        yield from ("", f"The articles leave open: {one_line(found.missing)}")
    for cited in found.citations:
        published = cited.published.isoformat() if cited.published else "undated"
        heading = (cited.title, published, cited.publisher, cited.url)
        yield from ("", f"[{cited.n}] {' · '.join(one_line(part) for part in heading if part)}  ")
        yield f"“{one_line(cited.quote)}”  "
        yield f"`{one_line(cited.article)}:{cited.start}-{cited.end}`"
    if found.withheld:
        yield from ("", withheld([w.why for w in found.withheld]))
    searched = told_filters(kept.filters) if kept.filters else ""
    facts = (
        f"{kept.at:%Y-%m-%d %H:%M} UTC",
        found.model,
        found.prompt,
        f"{found.seconds:.1f} s",
        spent([found]),
        searched,
    )
    yield from ("", f"*{' · '.join(fact for fact in facts if fact)}*")


FORMATS: dict[str, Callable[[Sequence[Kept]], str]] = {
    ".md": as_markdown,
    ".markdown": as_markdown,
    ".json": as_json,
}
