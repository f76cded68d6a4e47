"""The commands: parse, call, show, exit code. Each one's first line imports what it needs, so that help comes at once."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from qa import __version__
from qa.errors import INTERRUPTED, QaError, UsageError

app = typer.Typer(
    name="qa",
    help="Ask news articles a question; every statement of the answer carries the words it rests on.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help comes three times as fast
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
articles_app = typer.Typer(help="What is in the index.", invoke_without_command=True, rich_markup_mode=None)
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


@app.callback()
def main_options(version: Version = False) -> None:
    """Ask news articles a question; every statement of the answer carries the words it rests on."""


@app.command("index")
def index_command(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH|URL]...", help="Files and folders; none: those indexed before.")
    ] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove what has vanished from under the paths.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Start the index anew.")] = False,
    embedder: Annotated[
        str | None, typer.Option("--embedder", metavar="NAME", help="The embedded one, or text-embedding-3-small.")
    ] = None,
    json: Json = False,
    index: Index = None,
    model: Model = None,
    timeout: Timeout = None,
    quiet: Quiet = False,
    version: Version = False,
) -> None:
    """Add or refresh articles: .txt, .md, .html, .jsonl, or folders of them."""
    from qa import commands

    commands.index(
        commands.Common.of(index, model or "offline", timeout, quiet), paths or [], prune, rebuild, embedder, json
    )


@app.command("ask")
def ask_command(
    question: Annotated[str | None, typer.Argument(metavar="QUESTION|-", help="The question; - reads stdin.")] = None,
    many: Annotated[
        str | None, typer.Option("--from", metavar="FILE", help="A question a line, or JSONL with 'question' (and 'id').")
    ] = None,
    json: Json = False,
    why: Annotated[bool, typer.Option("--why", help="Show how the passages were ranked.")] = False,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only articles from this day on.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only articles to this day.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="TEXT", help="Only articles whose publisher, url or id has this.")
    ] = None,
    index: Index = None,
    model: Model = None,
    timeout: Timeout = None,
    quiet: Quiet = False,
    version: Version = False,
) -> None:
    """Ask a question; the answer comes with its evidence."""
    from qa import commands

    common = commands.Common.of(index, model, timeout, quiet)
    filters = commands.filters(since, until, source)
    if many is not None:
        if question is not None:
            raise UsageError("Give a question or --from FILE, not both.")
        raise typer.Exit(commands.ask_many(common, many, filters, why))
    raise typer.Exit(commands.ask(common, question, filters, json, why))


@articles_app.callback(invoke_without_command=True)
def articles_command(
    context: typer.Context,
    json: Json = False,
    index: Index = None,
    quiet: Quiet = False,
    version: Version = False,
) -> None:
    """List the articles."""
    if context.invoked_subcommand is None:
        from qa import commands

        commands.list_articles(commands.Common.of(index, "offline", None, quiet), json)
    elif index:
        raise UsageError("Options stand after the command's name:", f"qa articles {context.invoked_subcommand} … --index DIR")


@articles_app.command("show")
def show_command(
    id: Annotated[str, typer.Argument(metavar="ID", help="The article's id.")],
    text: Annotated[bool, typer.Option("--text", help="The stored text alone.")] = False,
    json: Json = False,
    index: Index = None,
    quiet: Quiet = False,
    version: Version = False,
) -> None:
    """Show one article."""
    from qa import commands

    commands.show_article(commands.Common.of(index, "offline", None, quiet), id, text, json)


@articles_app.command("remove")
def remove_command(
    id: Annotated[str, typer.Argument(metavar="ID", help="The article's id.")],
    index: Index = None,
    quiet: Quiet = False,
    version: Version = False,
) -> None:
    """Remove one article from the index; its file stays where it is."""
    from qa import commands

    commands.remove_article(commands.Common.of(index, "offline", None, quiet), id)


@app.command("verify")
def verify_command(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Answers as `qa ask --json` or --from wrote them.")],
    json: Json = False,
    index: Index = None,
    quiet: Quiet = False,
    version: Version = False,
) -> None:
    """Check an answer's citations against the index again, with no model."""
    from qa import commands

    raise typer.Exit(commands.verify(commands.Common.of(index, "offline", None, quiet), file, json))


@app.command("doctor")
def doctor_command(
    json: Json = False,
    index: Index = None,
    model: Model = None,
    quiet: Quiet = False,
    version: Version = False,
) -> None:
    """What is set up, what is not, and the command that mends it."""
    from qa import doctor

    raise typer.Exit(doctor.run(index, model, quiet, json))


# Typer keeps its own copy of click, older versions bring click itself: the class is found through typer's own.
_CommandLineError = typer.BadParameter.__mro__[2]


def main(arguments: list[str] | None = None) -> int:
    """Runs the program; returns its exit code. Whatever goes wrong is one line on stderr."""
    try:
        result = app(args=arguments, prog_name="qa", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except QaError as error:
        return _fail(str(error), error.exit_code)
    except _CommandLineError as error:
        message = getattr(error, "format_message", lambda: str(error))()
        return _fail(f"{message.rstrip('.')}. See: qa --help", UsageError.exit_code) if message else 0
    except (KeyboardInterrupt, typer.Abort):
        return _fail("Interrupted.", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has left; keep Python from complaining about it at exit.
        sys.stdout = None  # type: ignore[assignment]
        return 0
    except Exception as error:
        import os

        if os.environ.get("QA_DEBUG"):
            raise
        return _fail(f"Unexpected {type(error).__name__}: {error}. QA_DEBUG=1 shows where; please report it.", 70)


def _fail(message: str, code: int) -> int:
    from qa.display import Display

    Display().problem(message)
    return code


def run() -> None:
    """The console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
