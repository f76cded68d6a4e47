"""The door to the reports: the file's ending says which.

write_report(run, comparison, Path("report.html"))     .html a page, .md a pull request's comment, .xml JUnit
print(*annotations(run, comparison), sep="\\n")         ::error title=Broke%3A call-date::…    for GitHub's log
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from qa.errors import UsageError
from qa.evaluation.comparison import Comparison
from qa.evaluation.reports import github, junit, markdown, page
from qa.evaluation.results import Run

annotations = github.annotations

_WRITERS: dict[str, Callable[[Run, Comparison | None], str]] = {
    ".html": page.render,
    ".md": markdown.render,
    ".xml": junit.render,
}


def write_report(run: Run, comparison: Comparison | None, path: Path) -> None:
    """Raises UsageError for another ending, and where the file cannot be written."""
    check(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_WRITERS[path.suffix.lower()](run, comparison), "utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error


def check(path: Path) -> None:
    """Raises UsageError for an ending that no report has, and as `check_writable` does."""
    if path.suffix.lower() not in _WRITERS:
        raise UsageError(f"No report is written as {path.name!r}:", f"let it end in {', '.join(_WRITERS)}.")
    check_writable(path)


def check_writable(path: Path) -> None:
    """Raises UsageError where the file could not be written; to be called before a long run, not after it."""
    try:
        if path.exists():
            path.open("ab").close()
        else:
            # Not the file itself, which a run that fails would leave behind, empty. Permissions alone do not tell: the
            # disk may be read-only.
            with tempfile.TemporaryFile(dir=path.parent):
                pass
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.", "Name a file in a folder that is there."
        ) from error
