"""raccord order attach, documents, letter, letters: what is filed with an order."""

from pathlib import Path

import typer

from runtime.cli.client import Content, call, call_all
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.orders import AsJson, Key, Line, key_or_new, path_of, query_of
from runtime.cli.output import answered, run, say, say_json, table
from runtime.errors import BadInputError

app = typer.Typer()

_TYPES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg"}
_TYPES |= {".jpeg": "image/jpeg"}

Name = typer.Option(..., "--name", help="What paper it is: mandate, identity, letter, photograph…")
On = typer.Option(..., "--on", help="The day it bears, such as 2027-01-20.")
Purpose = typer.Option(..., "--purpose", help="cancellation, termination, agreement, claim…")
Channel = typer.Option(..., "--channel", help="email, registered-letter, letter, hand-delivery…")
SentOn = typer.Option(..., "--sent-on", help="The day it was sent.")
PresentedOn = typer.Option(None, "--presented-on", help="The day it was first presented.")
ReceivedOn = typer.Option(None, "--received-on", help="The day it was received.")
DocumentOption = typer.Option(None, "--document", help="Its scan, by the id it was attached under.")


def _content(file: Path) -> Content:
    media_type = _TYPES.get(file.suffix.lower())
    if media_type is None:
        raise BadInputError(f"{file} is of no type we take; send a PDF, a PNG or a JPEG")
    try:
        return Content(media_type=media_type, data=file.read_bytes())
    except OSError as exc:
        raise BadInputError(f"{file} cannot be read ({exc.strerror}); give another file") from exc


@app.command()
def attach(
    order: str,
    file: Path,
    *,
    name: str = Name,
    on: str = On,
    line: int | None = Line,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Hand in a document: it is sealed, and opens the gate that waits for it."""
    content = answered(lambda: _content(file))
    path = path_of(order, f"/documents{query_of(name=name, on=on, line=line)}")
    filed = run(call("POST", path, body=content, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(filed["document_id"], because=filed)
    else:
        say(filed["document_id"])


@app.command()
def documents(order: str, *, as_json: bool = AsJson) -> None:
    """What was handed in with an order."""
    found = run(call_all(path_of(order, "/documents"), "documents"))
    if as_json:
        say_json(found)
        return
    columns = ("document_id", "name", "on", "line", "media_type", "size")
    table(columns, [tuple(one[column] for column in columns) for one in found])


@app.command()
def letter(
    order: str,
    *,
    purpose: str = Purpose,
    channel: str = Channel,
    sent_on: str = SentOn,
    presented_on: str | None = PresentedOn,
    received_on: str | None = ReceivedOn,
    document: str | None = DocumentOption,
    line: int | None = Line,
    key: str | None = Key,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """A letter or notice that came; says on which day it takes effect, and by which rule."""
    given = {
        "purpose": purpose,
        "channel": channel,
        "sent_on": sent_on,
        "presented_on": presented_on,
        "received_on": received_on,
        "document_id": document,
        "line": line,
    }
    body = {name: value for name, value in given.items() if value is not None}
    path = path_of(order, "/notices")
    filed = run(call("POST", path, body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(filed["takes_effect_on"], because=filed)
    else:
        say(filed["rule"][language])


@app.command()
def letters(order: str, *, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """The letters and notices of an order, each with the day it takes effect."""
    found = run(call_all(path_of(order, "/notices"), "notices"))
    if as_json:
        say_json(found)
        return
    rows = [
        (one["takes_effect_on"], one["purpose"], one["channel"], one["rule"][language])
        for one in found
    ]
    table(("takes effect", "purpose", "channel", "rule"), rows)
