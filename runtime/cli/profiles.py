"""raccord profile: the servers this command line knows."""

import sys

import typer

from runtime.cli.output import answered, fail, say, say_json, table
from runtime.errors import BadInputError

app = typer.Typer(no_args_is_help=True, help="Servers by name: an address and a key each.")

AsJson = typer.Option(False, "--json", help="One JSON object.")
Url = typer.Option(..., "--url", help="Address of the API, such as https://raccord.example.")


@app.command()
def add(name: str, url: str = Url) -> None:
    """Keep a server under a name; its key is asked for, or read from standard input."""
    from runtime.profiles import Profile, keep_profile

    if not url.startswith(("http://", "https://")):
        fail(BadInputError(f"'{url}' is no address; write it like https://raccord.example"))
    key = typer.prompt("Key", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not key.strip():
        fail(BadInputError("no key was given; write it on standard input"))
    keep_profile(name, Profile(url=url.rstrip("/"), key=key.strip()))
    say(f"kept; use it with --profile {name}, or RACCORD_PROFILE={name}")


@app.command("list")
def list_profiles(*, as_json: bool = AsJson) -> None:
    """The servers there are; never their keys."""
    from runtime.profiles import known_profiles

    known = answered(known_profiles)
    if as_json:
        say_json({name: profile.url for name, profile in known.items()})
    else:
        table(("profile", "address"), [(name, known[name].url) for name in sorted(known)])


@app.command()
def remove(name: str) -> None:
    """Forget a server and its key."""
    from runtime.profiles import forget_profile

    answered(lambda: forget_profile(name))
    say("forgotten")
