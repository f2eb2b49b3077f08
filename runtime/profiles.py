"""Servers the command line knows by name: an address and a key each, in a file only we can read."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path

from runtime.errors import BadInputError
from runtime.home import read_json, write_json


@dataclass(frozen=True, kw_only=True, repr=False)
class Profile:
    url: str
    key: str


def profiles_file() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "raccord" / "profiles.json"


def known_profiles() -> dict[str, Profile]:
    kept = read_json(profiles_file())
    return {name: Profile(url=one["url"], key=one["key"]) for name, one in kept.items()}


def keep_profile(name: str, profile: Profile) -> None:
    file = profiles_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_json(file, {**read_json(file), name: asdict(profile)})


def forget_profile(name: str) -> None:
    named(name)
    file = profiles_file()
    write_json(file, {other: kept for other, kept in read_json(file).items() if other != name})


def named(name: str) -> Profile:
    known = known_profiles()
    if name not in known:
        offers = ", ".join(sorted(known)) or "none yet"
        raise BadInputError(
            f"there is no profile '{name}' (there is: {offers}); make it with 'raccord profile add'"
        )
    return known[name]
