"""raccord identifier: companies, cards, terminals, sockets and places."""

import typer

from runtime.cli.output import answered, parsed, say, say_json
from runtime.errors import BadInputError

app = typer.Typer(no_args_is_help=True, help="Check the identifiers of orders.")


@app.command()
def check(
    kind: str = typer.Argument(
        help="siren, siret, iccid, eid, imsi, imei, pto, commune or postal-code"
    ),
    value: str = typer.Argument(help="The identifier, with or without separators."),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Its canonical form; or exit 2 and one sentence that says what is wrong with it."""
    from domain.identifiers import IDENTIFIERS, Identifier

    def known() -> type[Identifier]:
        try:
            return IDENTIFIERS[kind.strip().lower()]
        except KeyError as exc:
            raise BadInputError(
                f"'{kind}' is no identifier we know; write one of {', '.join(IDENTIFIERS)}"
            ) from exc

    wanted = answered(known)
    found = parsed(wanted.parse, value)
    if as_json:
        say_json(found.value, because={"kind": kind, "name": wanted.NAME, "layout": wanted.LAYOUT})
    else:
        say(found.value)
