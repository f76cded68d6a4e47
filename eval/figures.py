"""Prints the figures of speed and weight that the README states: `make figures`.

Each command is run as a whole, cold process, in turn with what it is compared to; the least of the times counts, for
whatever else the machine does only adds to it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_ROUNDS = 7
_QUESTION = "when does the TikTok extension end?"


def main() -> None:
    python = sys.executable
    qa = str(Path(python).with_name("qa"))
    with tempfile.TemporaryDirectory() as home:
        environment = {**_clean_environment(), "HOME": home, "XDG_CACHE_HOME": str(Path(home) / "cache")}
        run([qa, "ask", _QUESTION], environment)  # builds the graph and the bundled index, once
        ask, libraries = paired(
            [qa, "ask", _QUESTION], [python, "-c", "import chromadb, onnxruntime, tokenizers"], environment
        )
        shown, typer = paired([qa, "--help"], [python, "-c", "import typer"], environment)
        memory = peak_memory([qa, "ask", _QUESTION], environment)
    site = Path(next(p for p in sys.path if p.endswith("site-packages")))
    size = sum(f.stat().st_size for f in site.rglob("*") if f.is_file()) / 1e6
    print(
        f"cold keyless answer        {ask:.2f} s   {ask / libraries:.2f} x importing chromadb, onnxruntime, tokenizers"
    )
    print(
        f"qa --help                  {shown:.2f} s   {shown / typer:.2f} x importing typer; of the large libraries it loads"
    )
    print(f"                                    {', '.join(loaded_by_help(python)) or 'none'}")
    print(f"peak memory of an answer   {memory:.0f} MB")
    print(f"installed                  {size:.0f} MB, development tools and the model included")


def _clean_environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "QA_"))}


def run(command: Sequence[str], environment: dict[str, str]) -> float:
    """Seconds that the command takes. It must succeed."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - started


def paired(one: Sequence[str], other: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """The least time of each, run in turn."""
    times = [(run(one, environment), run(other, environment)) for _ in range(_ROUNDS)]
    return min(t for t, _ in times), min(t for _, t in times)


def peak_memory(command: Sequence[str], environment: dict[str, str]) -> float:
    """Megabytes of resident memory at most, of the command alone."""
    measured = (
        "import json, resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(json.dumps(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))"
    )
    done = subprocess.run(
        [sys.executable, "-c", measured, *command], check=True, capture_output=True, env=environment, text=True
    )
    unit = 1 if sys.platform == "darwin" else 1024
    return float(json.loads(done.stdout)) * unit / 1e6


def loaded_by_help(python: str) -> list[str]:
    """Which of the large libraries `qa --help` imports."""
    code = (
        "import sys; from qa.cli import main; main(['--help']);"
        "print(*(m for m in ('llama_index', 'chromadb', 'openai', 'onnxruntime', 'rich') if m in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return done.stderr.split()


if __name__ == "__main__":
    main()
