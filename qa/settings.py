"""One frozen Settings from flags, environment, project file and user file, in that order; and where content lies.

A project file is `qa.toml` in the working folder, a user file `qa.toml` in the user's configuration folder:

    index = "articles.index"
    model = "gpt-6-luna"
    base_url = "http://localhost:11434/v1"
    timeout = 30
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qa.errors import NotConfigured, UsageError

OFFLINE = "offline"
DEFAULT_CHAT_MODEL = "gpt-6-luna"
DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
CONTENT_FOLDERS = ("prompts", "eval", "seeds")

_FILE_KEYS: Mapping[str, type | tuple[type, ...]] = {"index": str, "model": str, "base_url": str, "timeout": (int, float)}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a command runs with. `api_key` is kept out of every representation."""

    index: Path | None
    """The index named by the user; None: their own in the data folder, or the bundled one."""
    model: str
    base_url: str | None
    timeout: float
    api_key: str | None

    def __repr__(self) -> str:
        return f"Settings(index={self.index}, model={self.model}, base_url={self.base_url}, timeout={self.timeout})"


def load(*, index: Path | None = None, model: str | None = None, timeout: float | None = None) -> Settings:
    """Raises UsageError for a value that cannot be, NotConfigured where a model must be named or needs a key."""
    stored = {**_read(user_file()), **_read(Path("qa.toml"))}
    key = os.environ.get("OPENAI_API_KEY", "").strip() or None
    base_url = os.environ.get("OPENAI_BASE_URL", "").strip() or stored.get("base_url")
    chosen = model or os.environ.get("QA_MODEL", "").strip() or stored.get("model")
    if not chosen:
        if base_url and not key:
            raise NotConfigured("OPENAI_BASE_URL is set but no model is named.", "Name one with --model or QA_MODEL.")
        chosen = DEFAULT_CHAT_MODEL if key else OFFLINE
    if chosen != OFFLINE:
        if not key and not base_url:
            raise NotConfigured(
                f"There is no key for the model {chosen}.",
                "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server that needs none, or use --model offline.",
            )
        if base_url and (urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).netloc):
            raise UsageError(f"OPENAI_BASE_URL is no web address: {base_url!r}.", "It looks like http://host:port/v1.")
    seconds = timeout if timeout is not None else float(stored.get("timeout", 60))
    if not 0 < seconds < float("inf"):
        raise UsageError(f"--timeout must be a number of seconds above 0, not {seconds:g}.")
    named = index or os.environ.get("QA_INDEX", "").strip() or stored.get("index")
    return Settings(Path(named).expanduser() if named else None, chosen, base_url, seconds, key)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"The settings file {path} cannot be read: {error}.") from error
    for name, value in found.items():
        if name not in _FILE_KEYS:
            raise UsageError(f"{path}: unknown setting {name!r}.", f"Known are: {', '.join(_FILE_KEYS)}.")
        if not isinstance(value, _FILE_KEYS[name]) or isinstance(value, bool):
            raise UsageError(f"{path}: {name} has the wrong type.")
    return found


def user_file() -> Path:
    import platformdirs

    return Path(platformdirs.user_config_dir("qa")) / "qa.toml"


def data_folder() -> Path:
    """Where the user's own index, and the one of the bundled seeds, live."""
    import platformdirs

    return Path(platformdirs.user_data_dir("qa"))


def content_folder(name: str) -> Path:
    """prompts/, eval/ or seeds/: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    packaged = package / "content" / name
    return packaged if packaged.is_dir() else package.parent / name
