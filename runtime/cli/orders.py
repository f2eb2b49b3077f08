"""raccord order: a client of the API."""

import json
import uuid
from pathlib import Path

import typer

from runtime.cli.client import Answer, call
from runtime.cli.output import answered, run, say, say_json, table
from runtime.errors import BadInputError

app = typer.Typer(no_args_is_help=True, help="Submit, follow and answer orders.")

AsJson = typer.Option(False, "--json", help="One JSON object.")
Key = typer.Option(None, "--key", help="Idempotency key; give the same one to try again.")


def _read_request(file: Path) -> Answer:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as exc:
        raise BadInputError(f"{file} cannot be read ({exc.strerror}); give another file") from exc
    except ValueError as exc:
        raise BadInputError(f"{file} is not JSON ({exc}); correct it and try again") from exc
    if not isinstance(content, dict):
        raise BadInputError(f"{file} must hold one JSON object with reference and contact")
    return content


def _order_id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError as exc:
        raise BadInputError(
            f"'{text}' is not an order id; copy it from the answer to 'raccord order submit'"
        ) from exc


@app.command()
def submit(file: Path, key: str | None = Key, *, as_json: bool = AsJson) -> None:
    """Submit the order in a JSON file; prints its id."""
    request = answered(lambda: _read_request(file))
    answer = run(
        call("POST", "/orders", body=request, idempotency_key=key or f"cli-{uuid.uuid4()}")
    )
    if as_json:
        say_json(answer["order_id"], because=answer)
    else:
        say(answer["order_id"])


@app.command()
def show(order: str, *, as_json: bool = AsJson) -> None:
    """One order: where it is, and how it came there."""
    answer = run(call("GET", f"/orders/{answered(lambda: _order_id(order))}"))
    if as_json:
        say_json(answer, because=answer["timeline"])
        return
    facts = ("order_id", "stage", "reference", "contact", "received_at", "awaited_until")
    table(("", ""), [(name.replace("_", " "), answer[name]) for name in facts if answer[name]])
    table(
        ("version", "event", "business time", "actor"),
        [(e["version"], e["event"], e["business_at"], e["actor"]) for e in answer["timeline"]],
    )


@app.command()
def find(contact: str, *, as_json: bool = AsJson) -> None:
    """The orders of a contact, found without reading anybody else's."""
    found = run(call("POST", "/orders/find", body={"contact": contact}))["order_ids"]
    if as_json:
        say_json(found)
    else:
        say("\n".join(found) or "none")


@app.command()
def acknowledge(order: str, text: str, key: str | None = Key, *, as_json: bool = AsJson) -> None:
    """Record the acknowledgement an order waits for."""
    path = f"/orders/{answered(lambda: _order_id(order))}/acknowledgements"
    answer = run(
        call("POST", path, body={"text": text}, idempotency_key=key or f"cli-{uuid.uuid4()}")
    )
    if as_json:
        say_json(answer["receipt"])
    else:
        say(answer["receipt"])
