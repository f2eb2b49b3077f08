"""raccord webhook, raccord events: who is told of what happens, and what they were told."""

import sys

import typer

from runtime.cli.client import call, call_all
from runtime.cli.orders import key_or_new, path_under, query_of
from runtime.cli.output import run, say, say_json, table

app = typer.Typer(no_args_is_help=True, help="Who is told of events, and how it stands.")
events = typer.Typer(no_args_is_help=True, help="What others are told.")

AsJson = typer.Option(False, "--json", help="One JSON object.")
Key = typer.Option(None, "--key", help="Idempotency key; give the same one to try again.")
Types = typer.Option([], "--type", help="Of 'raccord events types'; every type when not given.")
State = typer.Option(None, "--state", help="waiting, done, dead or skipped.")
Number = typer.Option(None, "--number", help="One delivery; the dead ones when nothing is said.")
Since = typer.Option(None, "--since", help="This delivery and everything after it.")
Order = typer.Option(None, "--order", help="Of one order.")


def _path(subscription: str, rest: str = "") -> str:
    where = "'raccord webhook list'"
    known = path_under(subscription, "/subscriptions", what="a subscription's id", where=where)
    return f"{known}{rest}"


@app.command()
def add(
    url: str, types: list[str] = Types, key: str | None = Key, *, as_json: bool = AsJson
) -> None:
    """Tell an address of events from now on; prints the subscription and its secret."""
    body = {"url": url, "types": types}
    made = run(call("POST", "/subscriptions", body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(made["subscription"]["subscription_id"], because=made)
    else:
        say(made["subscription"]["subscription_id"])
        say(made["secret"])


@app.command("list")
def list_subscriptions(*, as_json: bool = AsJson) -> None:
    """The subscriptions you may see."""
    found = run(call("GET", "/subscriptions"))["subscriptions"]
    if as_json:
        say_json(found)
        return
    rows = [
        (
            s["subscription_id"],
            s["client"],
            s["url"],
            ", ".join(s["types"]) or "all",
            s["paused_at"],
        )
        for s in found
    ]
    table(("subscription", "client", "address", "types", "paused"), rows)


@app.command()
def deliveries(subscription: str, *, state: str | None = State, as_json: bool = AsJson) -> None:
    """How each delivery stands; dead ones hold back what follows of their order."""
    path = _path(subscription, f"/deliveries{query_of(state=state)}")
    found = run(call_all(path, "deliveries"))
    if as_json:
        say_json(found)
        return
    columns = ("number", "type", "order_id", "state", "attempts", "answered", "why")
    table(columns, [tuple(one[column] for column in columns) for one in found])


@app.command()
def replay(
    subscription: str,
    *,
    number: int | None = Number,
    since: int | None = Since,
    as_json: bool = AsJson,
) -> None:
    """Send again: the dead letters, one delivery, or everything since one."""
    body = {k: v for k, v in (("number", number), ("since", since)) if v is not None}
    answer = run(call("POST", _path(subscription, "/replays"), body=body))
    if as_json:
        say_json(answer["sent_again"], because=answer)
    else:
        say(f"{answer['sent_again']} will be sent again")


@app.command()
def skip(subscription: str, number: int) -> None:
    """Let a delivery go, so that what follows of its order can be sent."""
    run(call("POST", _path(subscription, f"/deliveries/{number}/skip")))
    say("skipped")


@app.command()
def pause(subscription: str) -> None:
    """Keep events back; none is lost."""
    run(call("POST", _path(subscription, "/pause"), body={"paused": True}))
    say("paused")


@app.command("resume")
def resume_sending(subscription: str) -> None:
    """Let them go again."""
    run(call("POST", _path(subscription, "/pause"), body={"paused": False}))
    say("resumed")


@app.command()
def secret(subscription: str) -> None:
    """A new secret; both sign for a day."""
    say(run(call("POST", _path(subscription, "/secret")))["secret"])


@app.command()
def remove(subscription: str) -> None:
    """Tell that address nothing more, not even what waits."""
    run(call("DELETE", _path(subscription)))
    say("removed")


@events.command("types")
def event_types(*, as_json: bool = AsJson) -> None:
    """The types there are, with their versions and what they mean."""
    found = run(call("GET", "/event-types"))["types"]
    if as_json:
        say_json(found)
        return
    table(("type", "version", "meaning"), [(t["type"], t["version"], t["meaning"]) for t in found])


@events.command("page")
def page() -> None:
    """The catalogue as the page that ships with Raccord; needs no stack."""
    from runtime.event_page import event_page

    sys.stdout.write(event_page())


@events.command("list")
def list_events(*, order: str | None = Order, as_json: bool = AsJson) -> None:
    """What was told so far, in its order."""
    query = query_of(limit=200, order_id=order)
    found, cursor = [], ""
    while True:
        page = run(call("GET", f"/events{query}{cursor}"))
        if not page["events"]:
            break
        found += page["events"]
        cursor = f"&cursor={page['next']}"
    if as_json:
        say_json(found)
        return
    table(
        ("at", "order", "line", "type"),
        [(e["at"], e["order_id"], e["line"] or "", e["type"]) for e in found],
    )
