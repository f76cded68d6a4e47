"""One frozen Settings from flags, environment, project file and user file, in that order; and where content lies.

A project file is `qa.toml` in the working folder, a user file `qa.toml` in the user's configuration folder:

    index = "articles.index"
    model = "gpt-6-luna"
    timeout = 30
    base_url = "http://localhost:11434/v1"      # in the user file alone: no folder may choose where a key is sent
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import NotConfigured, UsageError

OFFLINE = "offline"
DEFAULT_CHAT_MODEL = "gpt-6-luna"
DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
CONTENT_FOLDERS = ("prompts", "eval", "seeds")

_PROJECT_KEYS: Mapping[str, type | tuple[type, ...]] = {"index": str, "model": str, "timeout": (int, float)}
_USER_KEYS = {**_PROJECT_KEYS, "base_url": str}


@dataclass(frozen=True, slots=True)
class Options:
    """The options that stand everywhere, as the command line gives them; None where it does not."""

    index: Path | None = None
    model: str | None = None
    timeout: float | None = None
    quiet: bool = False

    def over(self, other: "Options | None") -> "Options":
        """These, and the other's where these say nothing."""
        if other is None:
            return self
        timeout = other.timeout if self.timeout is None else self.timeout
        return Options(self.index or other.index, self.model or other.model, timeout, self.quiet or other.quiet)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a command runs with. `api_key` is kept out of every representation."""

    index: Path | None
    """The index named by the user; None: their own in the data folder, or the bundled one."""
    model: str
    base_url: str | None
    timeout: float
    api_key: str | None
    sure: float | None = None
    """How probable the embedded default must hold an answer before it gives one; None: as it is by itself."""

    def __repr__(self) -> str:
        return f"Settings(index={self.index}, model={self.model}, base_url={self.base_url}, timeout={self.timeout})"


def load(options: Options = Options(), *, asks: bool = True) -> Settings:
    """The settings of a command; one that asks no model (`asks`) is not troubled by how the model is set up.

    Raises UsageError for a value that cannot be, NotConfigured where a model must be named or needs a key.
    """
    stored = {**_read(user_file(), _USER_KEYS), **_read(Path("qa.toml"), _PROJECT_KEYS)}
    key = os.environ.get("OPENAI_API_KEY", "").strip() or None
    base_url = os.environ.get("OPENAI_BASE_URL", "").strip() or stored.get("base_url")
    model = options.model or os.environ.get("QA_MODEL", "").strip() or stored.get("model")
    model = _model(model, key, base_url) if asks else OFFLINE
    seconds = options.timeout if options.timeout is not None else float(stored.get("timeout", 60))
    if not 0 < seconds < float("inf"):
        raise UsageError(f"--timeout must be a number of seconds above 0, not {seconds:g}.")
    index = options.index or os.environ.get("QA_INDEX", "").strip() or stored.get("index")
    return Settings(Path(index).expanduser() if index else None, model, base_url, seconds, key)


def _model(named: str | None, key: str | None, base_url: str | None) -> str:
    """The model named, or else the default one, as far as it can be asked with what is set."""
    if not named and base_url and not key:
        raise NotConfigured("OPENAI_BASE_URL is set but no model is named.", "Name one with --model or QA_MODEL.")
    model = named or (DEFAULT_CHAT_MODEL if key else OFFLINE)
    if model != OFFLINE and not key and not base_url:
        raise NotConfigured(
            f"There is no key for the model {model}.",
            "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server that needs none, or use --model offline.",
        )
    return model


def _read(path: Path, keys: Mapping[str, type | tuple[type, ...]]) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"The settings file {path} cannot be read: {error}.") from error
    for name, value in found.items():
        if name not in keys and name in _USER_KEYS:
            raise UsageError(f"{path}: {name} is not read from here.", f"Set it in {user_file()}.")
        if name not in keys:
            raise UsageError(f"{path}: unknown setting {name!r}.", f"Known are: {', '.join(keys)}.")
        if not isinstance(value, keys[name]) or isinstance(value, bool):
            raise UsageError(f"{path}: {name} has the wrong type.")
    return found


def embedder_name(fingerprint: str) -> str:
    """What `--embedder` calls the embedder of an index: the name in "openai:name@host" and in "name@hash"."""
    return fingerprint.removeprefix("openai:").partition("@")[0]


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
