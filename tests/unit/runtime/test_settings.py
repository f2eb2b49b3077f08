"""A bad setting is one sentence that names the variable and the remedy, and never its value."""

import base64
from pathlib import Path

import pytest

from runtime.errors import BadInputError
from runtime.keys import Keys, new_key
from runtime.settings import Settings, default_home, known_names, load_settings

KEY = base64.b64encode(b"k" * 32).decode()
OWN = {
    "DATABASE_URL": "postgresql://app:secret-word@db/raccord",
    "RACCORD_MASTER_KEY": KEY,
    "RACCORD_SEAL_KEY": KEY,
}


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings({"PATH": "/usr/bin"})

    assert settings.home == default_home()
    assert settings.database_url is None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "secret-word", "must look like postgresql://"),
        ("DATABASE_URL", "mysql://app:secret-word@db/x", "must look like postgresql://"),
        ("DATABASE_URL", "postgresql://db/x", "must name the role"),
        ("DATABASE_ADMIN_URL", "secret-word", "must look like postgresql://"),
        ("TEMPORAL_ADDRESS", "temporal", "must look like host:7233"),
        ("TEMPORAL_ADDRESS", ":7233", "must look like host:7233"),
        ("TEMPORAL_NAMESPACE", "", "at least 1 character"),
        ("RACCORD_MASTER_KEY", "secret-word", "must be base64; make one with 'raccord keys'"),
        ("RACCORD_SEAL_KEY", "c2hvcnQ=", "must hold 32 bytes; make one with 'raccord keys'"),
        ("RACCORD_API_PORT", "eighty", "valid integer"),
        ("RACCORD_API_PORT", "70000", "less than or equal to 65535"),
        ("RACCORD_POSTGRES_PORT", "0", "greater than or equal to 1"),
        ("RACCORD_API_URL", "localhost", "match pattern"),
        ("RACCORD_POOL_SIZE", "1", "greater than or equal to 2"),
        ("RACCORD_SEAL_SECONDS", "0", "greater than 0"),
        ("RACCORD_LOG_LEVEL", "loud", "match pattern"),
        ("RACCORD_LOG_FORMAT", "xml", "'console' or 'json'"),
    ],
)
def test_each_bad_value_is_a_sentence(name: str, value: str, words: str) -> None:
    with pytest.raises(BadInputError) as refused:
        load_settings({name: value})

    sentence = str(refused.value)
    assert sentence.startswith(f"{name}: ")
    assert words in sentence
    assert "change it or unset it" in sentence
    assert "secret-word" not in sentence


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(BadInputError) as refused:
        load_settings({"RACCORD_API_PORT": "x", "RACCORD_POOL_SIZE": "y"})

    assert "RACCORD_API_PORT" in str(refused.value)
    assert "RACCORD_POOL_SIZE" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("RACCORD_API_PROT", "did you mean RACCORD_API_PORT?"),
        ("RACCORD_ZZZ", "see docs/settings.md, or unset it"),
    ],
)
def test_a_misspelt_setting_is_not_silently_ignored(name: str, words: str) -> None:
    with pytest.raises(BadInputError, match=name) as refused:
        load_settings({name: "1"})

    assert words in str(refused.value)


def test_a_database_of_ones_own_needs_keys_of_ones_own() -> None:
    assert load_settings(OWN).running_role == "app"
    for missing in ("RACCORD_MASTER_KEY", "RACCORD_SEAL_KEY"):
        with pytest.raises(BadInputError, match="make them once with 'raccord keys'"):
            load_settings({name: value for name, value in OWN.items() if name != missing})


def test_an_owner_without_a_database_is_refused() -> None:
    with pytest.raises(BadInputError, match="set both"):
        load_settings({"DATABASE_ADMIN_URL": OWN["DATABASE_URL"]})


@pytest.mark.parametrize("name", ["DATABASE_URL", "TEMPORAL_ADDRESS", "RACCORD_API_PORT"])
def test_an_empty_value_is_an_unset_one(name: str) -> None:
    assert load_settings({name: ""}) == load_settings({})


def test_secrets_do_not_show_themselves() -> None:
    settings = load_settings(OWN)

    assert "secret-word" not in repr(settings)
    assert KEY not in repr(settings)
    assert "k" * 8 not in repr(Keys.of(settings))


def test_keys_are_made_of_the_right_length_and_never_twice() -> None:
    assert len(base64.b64decode(new_key())) == 32
    assert new_key() != new_key()


def test_every_setting_is_documented_and_the_page_is_up_to_date(repository: Path) -> None:
    page = (repository / "docs" / "settings.md").read_text()

    for field in Settings.model_fields.values():
        assert field.alias in known_names()
        assert field.description
        assert f"| `{field.alias}` | {field.description} |" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"RACCORD_ACCESSES_BY_HAND": "sfr:coax"}, "'sfr:coax' names nobody"),
        ({"RACCORD_SMTP_URL": "http://mail.example"}, "must look like smtp://"),
        ({"RACCORD_SMTP_URL": "smtp://mail.example:x"}, "must have a number for a port"),
        ({"RACCORD_SMTP_URL": "smtp://"}, "must look like smtp://"),
        ({"RACCORD_SMTP_URL": "smtp://mail.example"}, "RACCORD_SMTP_FROM go together"),
        ({"RACCORD_SMTP_FROM": "nobody"}, "write it like camille@example.fr"),
        ({"RACCORD_SMTP_SECURITY": "some"}, "RACCORD_SMTP_SECURITY"),
        ({"RACCORD_NOTICE_WEBHOOK_URL": "ftp://crm"}, "RACCORD_NOTICE_WEBHOOK_URL"),
        ({"RACCORD_NOTICE_WEBHOOK_URL": "https://crm.example"}, "SECRET go together"),
        ({"RACCORD_NOTICE_WEBHOOK_SECRET": "secret-word"}, "must begin with whsec_"),
        (
            {
                "RACCORD_SMTP_URL": "smtp://mail.example",
                "RACCORD_SMTP_FROM": "a@b.fr",
                "RACCORD_NOTICE_WEBHOOK_URL": "https://crm.example",
                "RACCORD_NOTICE_WEBHOOK_SECRET": "whsec_c2VjcmV0",
            },
            "a notice leaves by one of them",
        ),
    ],
)
def test_every_mistake_about_notices_says_what_to_set(given: dict[str, str], words: str) -> None:
    with pytest.raises(BadInputError) as refused:
        load_settings(given)

    assert words in str(refused.value)
    assert "secret-word" not in str(refused.value)


def test_a_mail_server_is_read_from_its_address_and_hides_its_password() -> None:
    settings = load_settings(
        {
            "RACCORD_SMTP_URL": "smtp://us%40house.fr:secret-word@mail.example",
            "RACCORD_SMTP_FROM": "avis@house.fr",
            "RACCORD_SMTP_SECURITY": "tls",
        }
    )
    server = settings.smtp_server

    assert server is not None
    assert (server.host, server.port, server.username) == ("mail.example", 465, "us@house.fr")
    assert server.password == "secret-word"
    assert "secret-word" not in repr(settings) + repr(server)
    assert load_settings({}).smtp_server is None
