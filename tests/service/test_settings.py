import re
from pathlib import Path

import pytest
import yaml

from service.settings import Settings, SettingsError

SECRET = {"CHAINRULE_SECRET_KEY": "s" * 32}


def test_by_default_everything_is_in_the_data_directory(tmp_path: Path) -> None:
    settings = Settings.from_env({"CHAINRULE_DATA_DIR": str(tmp_path), **SECRET})
    assert settings.database_url == f"sqlite:///{tmp_path}/chainrule.db"
    assert settings.embedded
    options = settings.celery["broker_transport_options"]
    assert options["folder"] == str(tmp_path / "broker")
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_every_setting_of_a_larger_installation_can_be_set_in_the_env_file_of_compose() -> None:
    root = Path(__file__).resolve().parents[2]
    table = (root / "docs" / "operators.md").read_text(encoding="utf-8").partition("## One")[0]
    documented = set(re.findall(r"^\| .*?`(CHAINRULE_[A-Z_]+)`", table, re.MULTILINE))
    documented |= set(
        re.findall(r"^\| `CHAINRULE_[A-Z_]+`, `(CHAINRULE_[A-Z_]+)`", table, re.MULTILINE)
    )
    compose = yaml.safe_load((root / "docker-compose.yml").read_text(encoding="utf-8"))
    given = {name for part in compose["services"].values() for name in part["environment"]}
    of_the_image = {"CHAINRULE_DATA_DIR", "CHAINRULE_HOST", "CHAINRULE_PORT"}

    assert len(documented) > 15
    assert documented - given == of_the_image


def test_with_a_broker_it_is_not_embedded() -> None:
    settings = Settings.from_env({"CHAINRULE_BROKER_URL": "redis://r:6379/0", **SECRET})
    assert not settings.embedded
    assert settings.celery["broker_url"] == "redis://r:6379/0"
    assert "folder" not in settings.celery["broker_transport_options"]


def test_celery_stores_no_results_and_uses_json() -> None:
    celery = Settings.from_env(SECRET).celery
    assert celery["accept_content"] == ["json"]
    assert celery["task_serializer"] == "json"
    assert celery["task_ignore_result"]
    assert celery["worker_prefetch_multiplier"] == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "-1"),
        ("PORT", "\u0668"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("HOST", "127.0.0.1:8000"),
        ("HOST", "[::1]"),
        ("HOST", "fe80::1%eth0"),
        ("HOST", "localhost:8000"),
        ("DATABASE_URL", "mysql://db/name"),
        ("DATABASE_URL", "postgresql://db/name"),
        ("DATABASE_URL", "sqlite:chainrule.db"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql+psycopg://u:p@db:port/name"),
        ("DATABASE_URL", "var/chainrule.db"),
        ("BROKER_URL", "amqp://mq"),
        ("BROKER_URL", "redis:6379"),
        ("BROKER_URL", "redis://"),
        ("BROKER_URL", "redis://:pass/word@r:6379/0"),
        ("BROKER_URL", "rediss://["),
        ("BROKER_URL", "spool://elsewhere"),
        ("WEB_THREADS", "1"),
        ("MAX_TRIES", "0"),
        ("LEASE_SECONDS", "soon"),
        ("LEASE_SECONDS", "0"),
        ("LEASE_SECONDS", "nan"),
        ("LEASE_SECONDS", "inf"),
        ("SECURE_COOKIES", "maybe"),
        ("SECRET_KEY", "short"),
        ("OLD_SECRET_KEYS", "o" * 40 + ",short"),
        ("KEEP_REPORTS_DAYS", "-1"),
    ],
)
def test_an_invalid_value_is_rejected_with_the_name_of_its_setting(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"CHAINRULE_{name}"):
        Settings.from_env({**SECRET, f"CHAINRULE_{name}": value})


@pytest.mark.parametrize(
    ("text", "flag"), [("1", True), ("YES", True), ("false", False), ("", False)]
)
def test_flags_can_be_written_in_several_ways(text: str, flag: bool) -> None:
    settings = Settings.from_env({**SECRET, "CHAINRULE_SECURE_COOKIES": text})
    assert settings.secure_cookies is flag


def test_no_secret_has_a_default(tmp_path: Path) -> None:
    folder = {"CHAINRULE_DATA_DIR": str(tmp_path)}
    with pytest.raises(SettingsError, match=r"SECRET_KEY is not set.*chainrule up"):
        Settings.from_env(folder)
    with pytest.raises(SettingsError) as error:
        Settings.from_env({**folder, "CHAINRULE_BROKER_URL": "redis://r"})
    assert "chainrule up" not in str(error.value)


@pytest.mark.parametrize(
    "named", [{}, {"BROKER_URL": "spool://"}, {"DATABASE_URL": "postgresql+psycopg://db"}]
)
def test_the_generated_secret_is_used_with_the_embedded_broker(
    tmp_path: Path, named: dict[str, str]
) -> None:
    (tmp_path / "secret.key").write_text("d" * 40 + "\n")
    given = {"DATA_DIR": str(tmp_path), **named}
    settings = Settings.from_env({f"CHAINRULE_{name}": value for name, value in given.items()})
    assert settings.embedded
    assert settings.secret_key == "d" * 40


def test_the_generated_secret_is_not_used_with_another_broker(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("d" * 40 + "\n")
    elsewhere = {"CHAINRULE_DATA_DIR": str(tmp_path), "CHAINRULE_BROKER_URL": "redis://r"}
    with pytest.raises(SettingsError, match="SECRET_KEY is not set"):
        Settings.from_env(elsewhere)


def test_printed_settings_contain_no_secret() -> None:
    secrets = {
        "SECRET_KEY": "hush" * 10,
        "DATABASE_URL": "postgresql+psycopg://u:hush@db/name",
        "BROKER_URL": "redis://:hush@r:6379/0",
    }
    settings = Settings.from_env({f"CHAINRULE_{name}": text for name, text in secrets.items()})
    assert "hush" not in repr(settings)
    assert "port=8000" in repr(settings)


@pytest.mark.parametrize(
    ("host", "address", "url"),
    [
        ("127.0.0.1", "127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("0.0.0.0", "0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("::1", "[::1]:8000", "http://[::1]:8000"),
        ("::", "[::]:8000", "http://[::1]:8000"),
    ],
)
def test_an_ipv6_address_is_in_brackets_and_wildcards_become_the_loopback(
    host: str, address: str, url: str
) -> None:
    settings = Settings.from_env({**SECRET, "CHAINRULE_HOST": host})
    assert (settings.address, settings.url) == (address, url)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql+psycopg://u:p@db:5432/name"),
        ("DATABASE_URL", "postgresql+psycopg:///name?host=/run/postgresql"),
        ("DATABASE_URL", "sqlite:////data/books.db"),
        ("BROKER_URL", "redis://:p@r:6379/0"),
        ("BROKER_URL", "rediss://r"),
        ("BROKER_URL", "spool://"),
        ("HOST", "grading.example.edu"),
        ("HOST", "2001:db8::1"),
        ("PORT", "1"),
        ("PORT", "65535"),
    ],
)
def test_a_valid_value_is_accepted(name: str, value: str) -> None:
    settings = Settings.from_env({**SECRET, f"CHAINRULE_{name}": value})
    assert str(getattr(settings, name.lower())) == value


def test_a_rejected_address_is_shown_without_its_password() -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_env({**SECRET, "CHAINRULE_DATABASE_URL": "postgres://u:hush@db/name"})
    assert "hush" not in str(error.value)
    assert "postgresql+psycopg://" in str(error.value)


@pytest.mark.parametrize("content", ["", "short\n", "\u00e9" * 40])
def test_a_damaged_secret_is_rejected_with_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret.key").write_text(content, encoding="latin-1")
    with pytest.raises(SettingsError, match=r"secret\.key.*backup.*remove.*chainrule up"):
        Settings.from_env({"CHAINRULE_DATA_DIR": str(tmp_path)})


def test_old_secrets_are_those_of_the_environment_then_of_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "old-secret.keys").write_text("c" * 40 + "\n" + "d" * 40 + "\n")
    given = {"DATA_DIR": str(tmp_path), "OLD_SECRET_KEYS": f"{'a' * 40}, {'b' * 40},"}
    environ = {**SECRET, **{f"CHAINRULE_{name}": value for name, value in given.items()}}
    settings = Settings.from_env(environ)
    assert settings.old_secret_keys == tuple(letter * 40 for letter in "abcd")
    assert "a" * 40 not in repr(settings)
    elsewhere = Settings.from_env({**environ, "CHAINRULE_BROKER_URL": "redis://r"})
    assert elsewhere.old_secret_keys == ("a" * 40, "b" * 40)
    assert Settings.from_env(SECRET).old_secret_keys == ()
