"""raccord client: who may call the API, beside the database and its keys."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from runtime.cli.output import answered, run, say, say_json, table
from runtime.errors import BadInputError

if TYPE_CHECKING:
    from domain.clients import Client, Rights
    from intake.clients import Clients, Moment
    from runtime.store import Store

app = typer.Typer(no_args_is_help=True, help="Who may call the API, with which keys and roles.")

AsJson = typer.Option(False, "--json", help="One JSON object.")
RoleOption = typer.Option(..., "--role", help="intake, operations, finance or audit; repeatable.")
OwnOnly = typer.Option(False, "--partner", help="Sees only the orders it brings in.")
PerMinute = typer.Option(600, "--per-minute", min=1, max=100_000, help="Calls a minute.")
ChangedRole = typer.Option([], "--role", help="Its roles from now on; repeatable.")
ChangedPartner = typer.Option(None, "--partner/--all-orders", help="What it sees from now on.")
ChangedPerMinute = typer.Option(None, "--per-minute", min=1, max=100_000, help="Calls a minute.")
Overlap = typer.Option(24, "--overlap-hours", min=0, max=24 * 90, help="How long old keys open.")
Reason = typer.Option(..., "--reason", help="Why; not personal data.")
KeyId = typer.Option(None, "--key", help="The id of one key; all of them when not given.")
Limit = typer.Option(50, "--limit", min=1, max=10_000, help="How many.")

BY = "raccord client"


def _rights(roles: list[str], *, partner: bool, per_minute: int) -> "Rights":
    from domain.clients import Rights, Role

    unknown = [role for role in roles if role not in set(Role)]
    if unknown:
        raise BadInputError(f"'{unknown[0]}' is no role; give one of {', '.join(Role)}")
    return Rights(
        roles=frozenset(Role(role) for role in roles),
        own_orders_only=partner,
        per_minute=per_minute,
    )


def _name(text: str) -> str:
    import re

    from domain.clients import NAME

    if re.fullmatch(NAME, text) is None:
        raise BadInputError(
            f"'{text}' cannot be a client's name; write 2 to 40 small letters, figures and dashes, "
            "a letter first"
        )
    return text


async def _doing(work: "Callable[[Clients, Store, Moment], Awaitable[str]]") -> str:
    from domain.clients import ClientRefusedError
    from intake.clients import Clients
    from runtime.cli.database import opened_store
    from runtime.local_client import moment_of

    async with opened_store() as store:
        clients = Clients(ledger=store.ledger, keyed_hash=store.keyed_hash)
        try:
            return await work(clients, store, await moment_of(store))
        except ClientRefusedError as exc:
            raise BadInputError(str(exc)) from exc


@app.command()
def add(
    name: str,
    role: list[str] = RoleOption,
    *,
    partner: bool = OwnOnly,
    per_minute: int = PerMinute,
) -> None:
    """Register a client and print its key: the one time it is shown."""
    rights = answered(lambda: _rights(role, partner=partner, per_minute=per_minute))
    checked = answered(lambda: _name(name))

    async def work(clients: "Clients", store: "Store", at: "Moment") -> str:
        from runtime.client_keys import new_client_key

        del store
        await clients.register(checked, rights, at=at, by=BY)
        return await clients.issue(checked, new_client_key(), at=at, by=BY)

    say(run(_doing(work)))


@app.command()
def change(
    name: str,
    role: list[str] = ChangedRole,
    *,
    partner: bool | None = ChangedPartner,
    per_minute: int | None = ChangedPerMinute,
) -> None:
    """Give a client other roles, sight or limits; what is not said stays as it is."""

    async def work(clients: "Clients", store: "Store", at: "Moment") -> str:
        known = await clients.find(name)
        if known is None:
            raise BadInputError(f"there is no client {name}; see 'raccord client list'")
        was = known.rights
        rights = _rights(
            role or sorted(was.roles),
            partner=was.own_orders_only if partner is None else partner,
            per_minute=was.per_minute if per_minute is None else per_minute,
        )
        await clients.change(name, rights, at=at, by=BY)
        await store.subscriptions.follow_rights(name, own_orders_only=rights.own_orders_only)
        return "changed"

    say(run(_doing(work)))


@app.command()
def rotate(name: str, overlap_hours: int = Overlap) -> None:
    """Print a new key; those there are go on for a while."""

    async def work(clients: "Clients", store: "Store", at: "Moment") -> str:
        from runtime.client_keys import new_client_key

        del store
        overlap = timedelta(hours=overlap_hours)
        return await clients.issue(name, new_client_key(), at=at, by=BY, overlap=overlap)

    say(run(_doing(work)))


@app.command()
def revoke(name: str, key: str | None = KeyId, reason: str = Reason) -> None:
    """Shut a key out at once, or every key of a client."""

    async def work(clients: "Clients", store: "Store", at: "Moment") -> str:
        await clients.revoke(name, key, reason=reason, at=at, by=BY)
        left = await clients.find(name)
        if left is None or left.keys:
            return "revoked"
        await store.subscriptions.pause_all(name)
        return "revoked; its subscriptions are paused"

    say(run(_doing(work)))


@app.command("list")
def list_clients(*, as_json: bool = AsJson) -> None:
    """Every client, what it may do, and its keys by id."""
    found = run(_all())
    if as_json:
        say_json([client.model_dump(mode="json") for client in found])
        return
    rows = [
        (
            client.name,
            ", ".join(sorted(client.rights.roles)),
            "own orders" if client.rights.own_orders_only else "all orders",
            client.rights.per_minute,
            ", ".join(key.key_id for key in client.keys) or "none",
        )
        for client in found
    ]
    table(("client", "roles", "sees", "a minute", "keys"), rows)


async def _all() -> "list[Client]":
    from domain.identity import StreamId, client_of_stream
    from intake.clients import Clients
    from runtime.cli.database import opened_store

    async with opened_store() as store:
        clients = Clients(ledger=store.ledger, keyed_hash=store.keyed_hash)
        rows = await store.pool.fetch(
            "SELECT stream_id FROM event WHERE type = 'ClientRegistered' ORDER BY position"
        )
        names = [client_of_stream(StreamId(row["stream_id"])) for row in rows]
        found = [await clients.find(name) for name in names if name is not None]
        return [client for client in found if client is not None]


@app.command()
def uses(
    name: str | None = typer.Argument(None, help="One client; everybody when not given."),
    *,
    refused: bool = typer.Option(False, "--refused", help="Only what was refused."),
    limit: int = Limit,
    as_json: bool = AsJson,
) -> None:
    """Who called what, newest first, and how it was answered."""
    rows = run(_uses(name, refused=refused, limit=limit))
    if as_json:
        say_json(rows)
        return
    names = ("at", "caller", "operation", "about", "status")
    table(names, [tuple(row[column] for column in names) for row in rows])


async def _uses(name: str | None, *, refused: bool, limit: int) -> list[dict[str, object]]:
    from runtime.cli.database import opened_store

    async with opened_store() as store:
        return list(await store.uses.newest(caller=name, refused_only=refused, limit=limit))
