"""The commands: parse, call, show, exit code.

Each command's first line imports what it needs, so that help comes at once.
"""

import atexit
import inspect
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from qa import __version__, process
from qa.errors import INTERRUPTED, QaError, UsageError
from qa.settings import Options

try:
    import typer

    from qa import chat_options, eval_options
except KeyboardInterrupt:  # the one import here that takes long enough for that
    sys.stderr.write("Interrupted.\n")
    sys.exit(INTERRUPTED)

_SUMMARY = "Ask news articles a question; every statement of the answer carries the words it rests on."
_PLAIN: dict[str, Any] = {"rich_markup_mode": None}  # plain help comes three times as fast

app = typer.Typer(
    name="qa",
    help=_SUMMARY,
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    **_PLAIN,
)
articles_app = typer.Typer(
    help="What is in the index; `show ID` one, `remove ID`.", invoke_without_command=True, **_PLAIN
)
app.add_typer(articles_app, name="articles")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"qa {__version__}")
        raise typer.Exit


Index = Annotated[Path | None, typer.Option("--index", metavar="DIR", help="The index folder (or QA_INDEX).")]
Model = Annotated[
    str | None, typer.Option("--model", metavar="NAME", help="The model (or QA_MODEL); 'offline' is the embedded one.")
]
Timeout = Annotated[float | None, typer.Option("--timeout", metavar="SECONDS", help="In all; 60 by default.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No notices, no progress.")]
Version = Annotated[
    bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and leave.")
]
Json = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The article's id, as `qa articles` lists it.")]

Command = Callable[..., int | None]


def everywhere(command: Command) -> Command:
    """Gives a command the options that stand everywhere, as its first argument."""

    def call(
        context: typer.Context,
        index: Index = None,
        model: Model = None,
        timeout: Timeout = None,
        quiet: Quiet = False,
        _version: Version = False,
        **own: Any,
    ) -> int | None:
        # `qa articles --index DIR show ID` hands what it was given on to `show`.
        context.obj = Options(index, model, timeout, quiet).over(context.obj)
        return None if context.invoked_subcommand else command(context.obj, **own)

    context, *shared = [p for p in inspect.signature(call).parameters.values() if p.name != "own"]
    own = list(inspect.signature(command).parameters.values())[1:]
    parameters = [context, *own, *shared]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # it is what typer reads
    call.__annotations__ = {p.name: p.annotation for p in parameters}
    call.__doc__ = command.__doc__
    return call


@app.callback()
def main_options(context: typer.Context, _version: Version = False) -> int:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise UsageError("Name a command,", 'as in: qa ask "Who spoke on Friday?"')
    return 0


@app.command("index")
@everywhere
def index_command(
    options: Options,
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH|URL", help="None: those indexed before.")] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove what has vanished from under the paths.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Start the index anew.")] = False,
    embedder: Annotated[
        str | None, typer.Option("--embedder", metavar="NAME", help="The embedded one, or text-embedding-3-small.")
    ] = None,
    json: Json = False,
) -> int:
    """Add or refresh articles: .txt, .md, .html, .jsonl."""
    from qa import cataloguing

    return cataloguing.index(options, paths or [], prune, rebuild, embedder, json)


@app.command("ask")
@everywhere
def ask_command(
    options: Options,
    question: Annotated[str | None, typer.Argument(metavar="QUESTION|-", help="The question; - reads stdin.")] = None,
    many: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="A question a line, or JSONL with 'question' (and 'id')."),
    ] = None,
    json: Json = False,
    why: Annotated[bool, typer.Option("--why", help="Show how the passages were ranked.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Rather abstain than be wrong (offline).")] = False,
    eager: Annotated[bool, typer.Option("--eager", help="Rather be wrong than abstain (offline).")] = False,
    since: chat_options.Since = None,
    until: chat_options.Until = None,
    source: chat_options.Source = None,
) -> int:
    """Ask a question; the answer shows its evidence."""
    from qa import commands

    filters = commands.filters(since, until, source)
    if many is None:
        return commands.ask(options, question, filters, commands.sureness(strict, eager), json, why)
    if question is not None:
        raise UsageError("Give a question or --from FILE, not both.")
    return commands.ask_many(options, many, filters, commands.sureness(strict, eager), why)


@app.command("chat")
@everywhere
def chat_command(
    options: Options,
    last: chat_options.Continue = False,
    resume: chat_options.Resume = None,
    listing: chat_options.List = False,
    no_save: chat_options.NoSave = False,
    json: Json = False,
    since: chat_options.Since = None,
    until: chat_options.Until = None,
    source: chat_options.Source = None,
) -> int:
    """A conversation; without a terminal, a question a line."""
    from qa.chatting import command

    return command.run(options, command.Wanted(last, resume, listing, no_save, json), (since, until, source))


@articles_app.callback(invoke_without_command=True)
@everywhere
def articles_command(options: Options, json: Json = False) -> int:
    """List the articles; `show ID` one, `remove ID`."""
    from qa import cataloguing

    return cataloguing.list_articles(options, json)


@articles_app.command("show")
@everywhere
def show_command(
    options: Options,
    id: Id,
    text: Annotated[bool, typer.Option("--text", help="The stored text alone.")] = False,
    json: Json = False,
) -> int:
    """Show one article, with its text."""
    from qa import cataloguing

    return cataloguing.show_article(options, id, text, json)


@articles_app.command("remove")
@everywhere
def remove_command(options: Options, id: Id) -> int:
    """Remove an article from the index, not its file."""
    from qa import cataloguing

    return cataloguing.remove_article(options, id)


@app.command("eval")
@everywhere
def eval_command(
    options: Options,
    gold: eval_options.Gold = None,
    baseline: eval_options.Baseline = None,
    output: eval_options.Output = None,
    report: eval_options.Report = None,
    lint: eval_options.Lint = False,
    calibrate: eval_options.Calibrate = None,
    simulate: eval_options.Simulate = False,
    judge: eval_options.Judge = None,
    record: eval_options.Record = None,
    replay: eval_options.Replay = None,
    repeat: eval_options.Repeat = 1,
    jobs: eval_options.Jobs = None,
    tag: eval_options.Tag = None,
    id: eval_options.Id = None,
    max_errors: eval_options.MaxErrors = 0.0,
    resume: eval_options.Resume = False,
    json: Json = False,
) -> int:
    """Score answers against gold pairs."""
    from qa import evaluating

    chosen = {"gold": tuple(gold or ()), "tags": tuple(tag or ()), "ids": tuple(id or ()), "json": json}
    files = {"baseline": baseline, "output": output, "report": report, "record": record, "replay": replay}
    how = {"judge": judge, "repeat": repeat, "jobs": jobs, "max_errors": max_errors, "resume": resume}
    return evaluating.run(options, lint, calibrate, simulate, **chosen, **files, **how)


@app.command("verify")
@everywhere
def verify_command(
    options: Options,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Answers as `qa ask --json` or --from wrote them.")],
    json: Json = False,
) -> int:
    """Re-check an answer's citations, with no model."""
    from qa import commands

    return commands.verify(options, file, json)


@app.command("doctor")
@everywhere
def doctor_command(options: Options, json: Json = False) -> int:
    """What is set up, what is not, and how to mend it."""
    from qa import doctor

    return doctor.run(options, json)


# Typer keeps its own copy of click, older versions bring click itself: the class is found through typer's own.
_CommandLineError: type[Exception] = typer.BadParameter.__mro__[2]


def main(arguments: list[str] | None = None) -> int:
    """Runs the program; returns its exit code. Whatever goes wrong is one line on stderr."""
    process.speak_utf8()
    try:
        code = app(args=arguments, prog_name="qa", standalone_mode=False) or 0
        return process.fail("Interrupted.", INTERRUPTED) if code == INTERRUPTED else int(code)
    except QaError as error:
        return process.fail(str(error), error.exit_code)
    except _CommandLineError as error:
        return process.fail(_told(error), UsageError.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return process.fail("Interrupted.", INTERRUPTED)
    except (BrokenPipeError, SystemExit):  # typer makes the second of the first
        sys.stdout = None  # whoever read our output has left; Python would complain of that at exit
        return 0
    except Exception as error:
        if os.environ.get("QA_DEBUG"):
            raise
        return process.fail(
            f"Unexpected {type(error).__name__}: {error}. QA_DEBUG=1 shows where; please report it.", 70
        )


def _told(error: Exception) -> str:
    """What is wrong with the command line, and where to read how it is right."""
    message = str(getattr(error, "format_message", lambda: error)()).rstrip(".")
    command = getattr(getattr(error, "ctx", None), "command_path", "qa")
    if command == "qa" and message.startswith("No such option"):
        return f"{message}: options stand after the command's name, as in: qa ask QUESTION --index DIR"
    if command == "qa" and " " in message.removeprefix("No such command").strip():
        return f'{message}. To ask a question: qa ask "…"'
    return f"{message}. See: {command} --help"


def run() -> None:
    """The console script. It leaves without taking down what it loaded, which would be a sixth of its time."""
    signal.signal(signal.SIGINT, process.interrupt)
    code = main()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()
    atexit._run_exitfuncs()
    os._exit(code)
