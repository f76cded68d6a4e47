"""The options of `qa eval`, as the command line takes them."""

from pathlib import Path
from typing import Annotated, Any

import typer


def _option(name: str, what: str, help: str) -> Any:
    return typer.Option(name, metavar=what, help=help)


Gold = Annotated[list[Path] | None, typer.Argument(metavar="GOLD", help="Gold files; the bundled one if none.")]
Baseline = Annotated[Path | None, _option("--baseline", "FILE", "A run to compare with, as --output wrote it.")]
Output = Annotated[Path | None, _option("--output", "FILE", "Store the run here.")]
Report = Annotated[
    list[Path] | None, _option("--report", "FILE", "Write a report: .html, .md or .xml (JUnit); may stand repeatedly.")
]
Lint = Annotated[bool, typer.Option("--lint", help="Show what is doubtful in the gold, and ask nothing.")]
Calibrate = Annotated[
    Path | None, _option("--calibrate", "FILE", "Measure the scorer, or the judge, against people's verdicts.")
]
Simulate = Annotated[
    bool, typer.Option("--simulate", help="Show how often a comparison errs, on simulated runs, and ask nothing.")
]
Judge = Annotated[str | None, _option("--judge", "MODEL", "Let this model judge what the scorer cannot tell.")]
Record = Annotated[Path | None, _option("--record", "DIR", "Keep every call of a model here.")]
Replay = Annotated[Path | None, _option("--replay", "DIR", "Answer from these recordings alone.")]
Repeat = Annotated[int, _option("--repeat", "N", "Ask each question so often.")]
Jobs = Annotated[int | None, _option("--jobs", "N", "Ask a model service so many questions at once.")]
Tag = Annotated[list[str] | None, _option("--tag", "TAG", "Only items with this tag.")]
Id = Annotated[list[str] | None, _option("--id", "ID", "Only this item.")]
MaxErrors = Annotated[float, _option("--max-errors", "SHARE", "The share of errors that is borne; 0 by default.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted.")]
