"""How the command line speaks: tables for people, one JSON object for scripts."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.parsed import BadValueError
from runtime.errors import BadInputError, CommandError

YES, NO = 0, 1
_PIPE_WIDTH = 400

T = TypeVar("T")


def console() -> Console:
    """Made when used: a test or a pipe decides where it writes. A pipe cuts nothing off."""
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(soft_wrap=True, highlight=False, width=width)


def say(line: str) -> None:
    console().print(line, markup=False)
    sys.stdout.flush()


def say_json(result: Any, *, because: Any = None) -> None:  # noqa: ANN401  any JSON value
    sys.stdout.write(json.dumps({"result": result, "because": because}, default=str) + "\n")


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    made = Table(
        *headings, box=None, pad_edge=False, header_style="bold", show_header=any(headings)
    )
    for row in rows:
        made.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console().print(made)


def fail(error: CommandError) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.write(f"raccord: {error}\n")
    raise typer.Exit(error.exit_code)


def answered(work: Callable[[], T]) -> T:
    """Do it, or say in one sentence why not. What is no CommandError is a bug and shows itself."""
    try:
        return work()
    except CommandError as exc:
        fail(exc)


def understood(work: Callable[[], T]) -> T:
    """Do it; what the domain could not read becomes bad input, in the domain's own sentence."""
    try:
        return answered(work)
    except BadValueError as exc:
        fail(BadInputError(str(exc)))


def parsed(parse: Callable[[str], T], text: str) -> T:
    """A value read from what a person typed, or the sentence that says what to type instead."""
    return understood(lambda: parse(text))


def run(work: Coroutine[Any, Any, T]) -> T:
    return answered(lambda: asyncio.run(work))
