"""Compares today's answers with those of the stored runs: `make eval`.

    keyless     the embedded default, against eval/baseline.json
    replayed    a model's recorded replies, through today's program, against eval/baseline-replayed.json

Both ask the bundled articles, never an index of the person's own, and need neither a network nor a key. Each is run
whatever came of the other; the exit code is 1 where either is worse, else that of a run that shows nothing.

`make baseline` (--renew) stores what the two give today in place of the stored runs.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import platformdirs

ROOT = Path(__file__).parents[1]
QA = str(Path(sys.executable).with_name("qa"))
_WORSE = 1

GOLD = ("gold.yaml", "conversations.yaml")
"""Of eval/: what both are asked."""
_RUNS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "keyless": ("eval/baseline.json", ("--model", "offline")),
    "replayed": ("eval/baseline-replayed.json", ("--replay", "eval/recordings")),
}


def main() -> int:
    run = renew if "--renew" in sys.argv[1:] else compare
    codes: list[int] = []
    with tempfile.TemporaryDirectory() as home:
        for name, (stored, options) in _RUNS.items():
            print(f"{chr(10) if codes else ''}── {name}, {stored}", flush=True)
            codes.append(run(stored, options, home))
    return _WORSE if _WORSE in codes else max(codes)


def compare(stored: str, options: Sequence[str], home: str) -> int:
    return _evaluate([*options, "--baseline", stored], home)


def renew(stored: str, options: Sequence[str], home: str) -> int:
    """Stores a run that went through; one with errors in it would make every later run look good."""
    made = Path(home) / "run.json"
    if not (code := _evaluate([*options, "--output", str(made)], home)):
        shutil.copyfile(made, ROOT / stored)
    return code


def _evaluate(options: Sequence[str], home: str) -> int:
    gold = [f"eval/{name}" for name in GOLD]
    return subprocess.run([QA, "eval", *gold, *options], env=clean_environment(home), cwd=ROOT).returncode


def clean_environment(home: str) -> dict[str, str]:
    """An environment without the person's index, settings, model and key; the embedded model's cache is theirs."""
    own = ("OPENAI_", "QA_", "XDG_DATA_", "XDG_CONFIG_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return {**kept, "HOME": home, "XDG_CACHE_HOME": str(platformdirs.user_cache_path())}


if __name__ == "__main__":
    sys.exit(main())
