"""Finds the files that are meant by the paths a person gives, and reads their bytes within bounds.

list(find([Path("/news"), Path("gone.txt")], {".txt"}))
== [Path("/news/a.txt"), Path("/news/b/c.txt"), Problem("/here/gone.txt", "no such file or folder")]
"""

import errno
import io
import os
import stat
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from qa.content.draft import Problem, UnreadableError
from qa.content.text import BINARY, BOM, is_binary, is_utf16, shown

LARGEST = 20_000_000
"""Bytes that one text may have: a file, or a line of JSON Lines."""
TOO_LARGE = f"too large for one text: more than {LARGEST // 1_000_000} MB; split it"


def find(paths: Sequence[Path], endings: Collection[str]) -> Iterator[Path | Problem]:
    """The absolute paths of all files meant, folders searched to their depths, each file perhaps more than once.

    In a folder, what is hidden or has another ending is passed over; a file that is named must have one of `endings`.
    """
    for path in paths:
        # resolve() would follow links, and an article would be known by a path that nobody gave.
        path = Path(os.path.abspath(path))  # noqa: PTH100
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except (OSError, ValueError) as error:
            yield problem(path, why(error, path))
            continue
        if is_folder:
            yield from _in_folder(path, endings)
        elif path.suffix.lower() not in endings:
            ending = f"the ending “{path.suffix}”" if path.suffix else "a name without an ending"
            yield problem(path, f"{ending} tells no format that is read here; known are {' '.join(sorted(endings))}")
        else:
            yield _file(path)


def _in_folder(folder: Path, endings: Collection[str]) -> Iterator[Path | Problem]:
    unreadable: list[OSError] = []
    nothing = True
    for root, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found = [_file(Path(root, name)) for name in names if _is_meant(name, endings)]
        # Links to folders are not followed: they can lead in circles, or out of what was named.
        linked = [_linked(Path(root, name)) for name in folders if Path(root, name).is_symlink()]
        yield from found
        yield from linked
        nothing = nothing and not found and not linked
    yield from (problem(Path(error.filename), why(error, Path(error.filename))) for error in unreadable)
    if nothing and not unreadable:
        yield problem(folder, f"no articles in this folder: no files ending in {' '.join(sorted(endings))}")


def _is_meant(name: str, endings: Collection[str]) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in endings


def _linked(folder: Path) -> Problem:
    if Path(os.path.realpath(folder.parent)).is_relative_to(os.path.realpath(folder)):
        return problem(folder, "a symlink loop: it leads back to a folder above it")
    return problem(folder, "a link to a folder, which is not followed; name the folder itself to have it read")


def _file(path: Path) -> Path | Problem:
    if shown(str(path)) != str(path):
        return problem(path, "its name holds control characters, or is not valid UTF-8; rename it")
    try:
        return path if stat.S_ISREG(path.stat().st_mode) else problem(path, "not a regular file")
    except OSError as error:
        return problem(path, why(error, path))


def problem(where: str | Path, reason: str) -> Problem:
    """With the path as it can be shown: a file's name may hold anything, even terminal escapes."""
    return Problem(shown(str(where)), reason)


def why(error: Exception, path: Path) -> str:
    """What a person is told about a path that the system refuses."""
    number = error.errno if isinstance(error, OSError) else errno.ENOENT
    if number == errno.ENOENT and path.is_symlink():
        return "a dead symlink: what it points to does not exist"
    reasons = {
        errno.ENOENT: "no such file or folder",
        errno.ELOOP: "a symlink loop: it leads back to itself",
        errno.EACCES: "not readable: permission denied",
    }
    return reasons.get(number or 0) or f"not readable: {os.strerror(number or errno.EIO).lower()}"


def whole(path: Path) -> bytes:
    """The bytes of a file. Raises OSError, and UnreadableError for a file over LARGEST, which is not read at all."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > LARGEST:
            raise UnreadableError(TOO_LARGE)
        return file.read()


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number from 1, UTF-8) of each line that is not blank; of a line over LARGEST the beginning, longer than LARGEST.

    Raises OSError, and UnreadableError for a file that is binary, or not the UTF-16 that it begins as.
    """
    with path.open("rb") as file:
        if is_binary(file.peek()):
            raise UnreadableError(BINARY)
        read = _line_reader(file)
        try:
            for number, line in enumerate(iter(read, b""), 1):
                if line.removeprefix(BOM).strip():
                    yield number, line
                while line and not line.endswith(b"\n"):
                    line = read()
        except UnicodeDecodeError as error:
            raise UnreadableError(f"not valid UTF-16: {error.reason}; save it as UTF-8") from None


def _line_reader(file: io.BufferedReader) -> Callable[[], bytes]:
    if not is_utf16(file.peek()):
        return lambda: file.readline(LARGEST + 1)
    # UTF-16 cannot be cut at a byte: half of another character may look like a line end.
    text = io.TextIOWrapper(file, "utf-16", newline="\n")
    return lambda: text.readline(LARGEST + 1).encode()
