"""Where the model that training starts from lies: all-MiniLM-L6-v2, as the program itself has it."""

from pathlib import Path

from qa.adapters.model_files import PACKAGE, TOKENIZER, WEIGHTS, published_folder

__all__ = ["TOKENIZER", "WEIGHTS", "base_folder"]


def base_folder() -> Path:
    """Where the published weights and the tokenizer lie. Raises FileNotFoundError where the package is not installed."""
    if installed := published_folder():
        return installed
    for found in Path(__file__).parents[1].glob(f".venv/lib/python*/site-packages/{PACKAGE}/model"):
        return found
    raise FileNotFoundError(f"{PACKAGE} is not installed: run `make setup`")
