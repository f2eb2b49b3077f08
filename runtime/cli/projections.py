"""raccord projections: the documents, which can always be made again."""

import typer

from runtime.cli.output import fail, run, say
from runtime.errors import BadInputError

app = typer.Typer(no_args_is_help=True, help="Rebuild documents from the ledger.")

Name = typer.Argument(None, help="One projection; all of them when not given.")


@app.command()
def rebuild(name: str | None = Name) -> None:
    """Forget the documents; the projector makes them again from the first fact."""
    from projections.indemnity import INDEMNITIES
    from projections.jeopardy import JEOPARDIES
    from projections.lines import LINES
    from projections.notices import TO_SEND, WAITING
    from projections.order import ORDERS
    from projections.reconciling import DIFFERENCES, HOST_NIGHTS
    from projections.reverse_port import REVERSE_PORTS
    from projections.stage_times import NAME as STAGE_TIMES

    documents = (
        *(ORDERS, LINES, INDEMNITIES, JEOPARDIES, TO_SEND, WAITING),
        *(DIFFERENCES, HOST_NIGHTS, REVERSE_PORTS),
    )
    known = (*(projection.name for projection in documents), STAGE_TIMES)
    if name is not None and name not in known:
        fail(BadInputError(f"there is no projection {name}; there is: {', '.join(known)}"))
    run(_rebuild(known if name is None else (name,)))
    say("the projector is making them again")


async def _rebuild(names: tuple[str, ...]) -> None:
    from runtime.cli.database import opened_store

    async with opened_store() as store:
        for name in names:
            await store.documents.clear(name)
