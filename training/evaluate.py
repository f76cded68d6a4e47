"""Measures the file that ships, in float32: SQuAD 2.0's figures, and how good its probabilities are.

python -m training evaluate ../shared/bench/squad2-16titles.jsonl.gz --titles reported
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from training.base import TOKENIZER, base_folder
from training.calibration import Calibration, reliability
from training.data import Question, read_own_articles, read_squad, split_titles
from training.features import Tokens
from training.model import Reader, base_weights
from training.reading import read
from training.scoring import Prediction, figures
from training.shipping import unpack

USES = ("all", "training", "development", "reported")


def shipped(file: Path) -> tuple[Reader, dict[str, str]]:
    """The model as it comes out of the file, and the file's metadata."""
    parameters, metadata = unpack(file.read_bytes())
    model = Reader.from_base(base_weights())
    model.load_published({name: torch.from_numpy(values) for name, values in parameters.items()})
    return model, metadata


def questions_of(file: Path, use: str) -> list[Question]:
    """Of a file in SQuAD's fields those titles that are for one use, or of the folder of our articles what is held back.

    The titles are drawn from the file's own: `use` other than "all" means something for the file we split alone.
    """
    if file.is_dir():
        return read_own_articles(file)[1]
    questions = read_squad(file)
    found: list[Question] = questions if use == "all" else getattr(split_titles(questions), use)
    return found


def evaluated(file: Path, reader: Path, use: str) -> dict[str, Any]:
    """With the threshold and the calibration that came with the reader: nothing is chosen here."""
    model, metadata = shipped(reader)
    predictions = read(model, Tokens(base_folder() / TOKENIZER), questions_of(file, use))
    return {"file": file.name, "titles": use, **report(predictions, metadata)}


def report(predictions: Sequence[Prediction], metadata: dict[str, str]) -> dict[str, Any]:
    calibration = Calibration(float(metadata["shift"]), float(metadata["temperature"]))
    return figures(predictions, float(metadata["threshold"])) | reliability(predictions, calibration)
