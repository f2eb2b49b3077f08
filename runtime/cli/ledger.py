"""raccord ledger: the record itself."""

import json
import sys
from typing import TYPE_CHECKING

import typer

from runtime.cli.context import current_settings
from runtime.cli.output import NO, YES, answered, run, say, say_json, table
from runtime.errors import BadInputError, UnavailableError

if TYPE_CHECKING:
    from ledger.seals import Seal
    from runtime.store import Store
    from runtime.verifying import Anchor, Verdict

app = typer.Typer(no_args_is_help=True, help="Verify, seal, read and export the record.")

AsJson = typer.Option(False, "--json", help="One JSON object.")
AnchorOption = typer.Option(None, "--anchor", help="A seal noted elsewhere, NUMBER:ROOT.")
_EXPORT_BATCH = 1000


def _anchor(text: str | None) -> "Anchor | None":
    from runtime.verifying import Anchor

    if text is None:
        return None
    number, _, root = text.partition(":")
    try:
        return Anchor(number=int(number), root=bytes.fromhex(root))
    except ValueError as exc:
        raise BadInputError(
            f"'{text}' is not an anchor; give NUMBER:ROOT as 'raccord ledger seal' printed it"
        ) from exc


@app.command("verify")
def verify_command(anchor: str | None = AnchorOption, *, as_json: bool = AsJson) -> None:
    """Find every changed, removed, inserted or reordered row. Exit 1 when there is one."""
    wanted = answered(lambda: _anchor(anchor))
    verdict = run(_verify(wanted))
    if as_json:
        faults: list[dict[str, object]] = [
            {"kind": f.kind.value, "position": f.position, "seal": f.seal, "why": f.sentence}
            for f in verdict.faults
        ]
        say_json("intact" if verdict.intact else "faults", because=_facts(verdict, faults))
    else:
        _show(verdict)
    raise typer.Exit(YES if verdict.intact else NO)


async def _verify(anchor: "Anchor | None") -> "Verdict":
    from runtime.cli.database import opened_store
    from runtime.verifying import verify

    async with opened_store() as store:
        return await verify(store.seals, signer=store.signer, anchor=anchor)


def _facts(verdict: "Verdict", faults: list[dict[str, object]]) -> dict[str, object]:
    return {
        "faults": faults,
        "sealed_rows": verdict.sealed,
        "seals": verdict.seals,
        "not_sealed_yet": len(verdict.unsealed),
    }


def _show(verdict: "Verdict") -> None:
    for fault in verdict.faults:
        say(f"{fault.kind.value}: {fault.sentence}")
    say(
        f"{'intact' if verdict.intact else 'NOT INTACT'}: {verdict.sealed} rows under "
        f"{verdict.seals} seals"
    )
    if verdict.unsealed:
        positions = [place.position for place in verdict.unsealed]
        say(
            f"not sealed yet: {len(positions)} rows, positions {min(positions)} to {max(positions)}"
        )


@app.command()
def seal(*, as_json: bool = AsJson) -> None:
    """Seal what is new now, and print the last seal to be noted elsewhere."""
    last = run(_seal())
    if last is None:
        answered(_nothing_to_seal)
        return
    anchor = f"{last.number}:{last.root.hex()}"
    if as_json:
        say_json(anchor, because={"sealed_at": last.sealed_at, "key_id": last.key_id})
    else:
        say(anchor)


def _nothing_to_seal() -> None:
    raise UnavailableError("the ledger is empty: there is nothing to seal yet")


async def _seal() -> "Seal | None":
    from runtime.cli.database import opened_store
    from runtime.processes.projector import build_sealer

    async with opened_store() as store:
        sealer = build_sealer(store)
        while await sealer.turn():
            pass
        return await store.seals.last()


@app.command()
def tail(
    count: int = typer.Option(20, "--count", "-n", min=1, max=1000), *, as_json: bool = AsJson
) -> None:
    """The newest facts, without their personal data."""
    rows = run(_newest(count))
    if as_json:
        say_json([dict(zip(_TAIL, row, strict=True)) for row in rows])
    else:
        table([heading.replace("_", " ") for heading in _TAIL], rows)


_TAIL = ("position", "stream", "version", "event", "business_time", "actor")


async def _newest(count: int) -> list[tuple[object, ...]]:
    from runtime.cli.database import opened_store

    async with opened_store() as store:
        rows = await store.reader.newest(limit=count)
    return [
        (row.position, row.stream_id, row.version, row.type, row.business_at, row.actor)
        for row in rows
    ]


@app.command()
def export() -> None:
    """Every row in commit order, one JSON object a line; personal data stays sealed."""
    run(_export())


async def _export() -> None:
    from runtime.cli.database import opened_store

    async with opened_store() as store:
        await _write_all(store)


async def _write_all(store: "Store") -> None:
    from ledger.subscription import BEGINNING

    checkpoint = BEGINNING
    while True:
        batch = await store.reader.stored_after(checkpoint, limit=_EXPORT_BATCH)
        if not batch.rows:
            return
        for row in batch.rows:
            fields = {**row.__dict__, "fingerprint": row.fingerprint.hex()}
            sys.stdout.write(json.dumps(fields, default=str, ensure_ascii=False) + "\n")
        checkpoint = batch.checkpoint


@app.command("new-era")
def new_era() -> None:
    """After a dump was restored into another cluster: go on in a new era, rows untouched."""
    say(f"era {run(_new_era())} has begun")


async def _new_era() -> int:
    import asyncpg

    from adapters.postgres.errors import translated
    from ledger.availability import LedgerUnavailableError
    from runtime.cli.database import with_database

    settings = with_database(current_settings())
    if settings.database_admin_url is None:
        raise BadInputError("DATABASE_ADMIN_URL is not set: only the owner can begin an era")
    try:
        with translated():
            connection = await asyncpg.connect(settings.database_admin_url.get_secret_value())
            try:
                era: int = await connection.fetchval("SELECT ledger_new_era()")
            finally:
                await connection.close()
    except LedgerUnavailableError as exc:
        raise UnavailableError(f"{exc}; check DATABASE_ADMIN_URL") from exc
    return era
