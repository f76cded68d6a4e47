"""Trains the embedded reader, packs it and measures it:

python -m training train          from the public data sets and our own questions; goes on where it was killed
python -m training export         the trained state becomes qa/models/reader.safetensors, calibrated and checked
python -m training evaluate FILE  SQuAD 2.0's figures for that file, as JSON
"""

import argparse
import json
from pathlib import Path

from training.evaluate import USES, evaluated
from training.export import export
from training.train import STATE, Plan, train

FOLDER = Path(__file__).parent
READER = FOLDER.parent / "qa" / "models" / "reader.safetensors"


def main() -> None:
    given = _parser().parse_args()
    if given.command == "train":
        train(Plan(questions=given.questions, minutes=given.minutes, rate=given.rate, seed=given.seed), given.out)
    elif given.command == "export":
        print(json.dumps(export(given.out / STATE, given.reader), indent=2))
    else:
        print(json.dumps(evaluated(given.file, given.reader, given.titles), indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=FOLDER / "out", help="the folder with the run's state")
    parser.add_argument("--reader", type=Path, default=READER, help="the file that ships")
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train")
    for name in ("questions", "minutes", "rate", "seed"):
        default = getattr(Plan, name)
        training.add_argument(f"--{name}", type=type(default), default=default, help="%(default)s")
    commands.add_parser("export")
    measuring = commands.add_parser("evaluate")
    measuring.add_argument("file", type=Path, help="questions in SQuAD's fields, one a line; or a folder of articles")
    measuring.add_argument("--titles", choices=USES, default="all", help="for squad2-16titles alone")
    return parser


if __name__ == "__main__":
    main()
