"""The options of `qa chat`, and the filters that it shares with `qa ask`, as the command line takes them."""

from typing import Annotated

import typer

Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only articles from this day on.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only articles to this day.")]
Source = Annotated[
    str | None, typer.Option("--source", metavar="TEXT", help="Only articles whose publisher, url or id has this.")
]
Continue = Annotated[bool, typer.Option("--continue", help="Go on with the last conversation.")]
Resume = Annotated[int | None, typer.Option("--resume", metavar="ID", help="Go on with this conversation.")]
List = Annotated[bool, typer.Option("--list", help="List the conversations that are kept.")]
NoSave = Annotated[bool, typer.Option("--no-save", help="Keep nothing of this conversation.")]
