"""What can be set from outside is written down, and a forgotten secret stops a server."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from fieldops.settings.env import (
    env_bool,
    env_int,
    env_secret,
    load_env_file,
    local_secret,
)
from tests.architecture.files import app_code
from tests.services import ROOT

SECRET_READERS = {"env_secret", "env_optional_secret"}
READERS = SECRET_READERS | {
    "env_text",
    "env_bool",
    "env_int",
    "env_list",
    "port_named",
}


def names_read(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = ast.unparse(node.func)
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            if called in READERS | {
                "os.environ.get",
                "os.getenv",
                "os.environ.setdefault",
            }:
                names.add(first.value)
            if called in SECRET_READERS:
                names.add(f"{first.value}_FILE")
    return names


def test_the_example_lists_exactly_the_names_that_the_code_reads() -> None:
    read = set().union(
        *(names_read(path) for path in app_code() if path.stem != "test")
    )
    listed = re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
    assert sorted(listed) == sorted(read)


@pytest.mark.parametrize(
    ("left_out", "says"),
    [("SECRET_KEY", "Set SECRET_KEY,"), ("TOKEN_KEYS", "Set TOKEN_KEYS,"), ("", "")],
)
def test_a_server_without_its_secrets_does_not_start(left_out: str, says: str) -> None:
    secrets = {"SECRET_KEY": "x" * 60, "TOKEN_KEYS": "one,two"}
    secrets.pop(left_out, None)
    started = subprocess.run(
        [sys.executable, "-c", "import fieldops.settings.prod"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **secrets},
        capture_output=True,
        text=True,
    )
    assert (started.returncode == 0) == (not left_out)
    assert says in started.stderr


def test_a_secret_can_lie_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("from the file\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env_secret("SECRET_KEY") == "from the file"


def test_a_wrong_value_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "maybe")
    with pytest.raises(ImproperlyConfigured, match="DEBUG must be yes or no"):
        env_bool("DEBUG", default=False)
    monkeypatch.setenv("XERO_TICK_SECONDS", "soon")
    with pytest.raises(
        ImproperlyConfigured, match="must be a whole number, not 'soon'"
    ):
        env_int("XERO_TICK_SECONDS", 30)


def test_the_env_file_never_overrules_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("LEDGER_PORT", "")
    monkeypatch.delenv("LEDGER_PORT")
    (tmp_path / ".env").write_text("# ports\nPORT=1\n\nLEDGER_PORT = 9800\n")

    load_env_file(tmp_path / ".env")

    assert (os.environ["PORT"], os.environ["LEDGER_PORT"]) == ("9000", "9800")


def test_a_line_that_sets_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# fine\nPORT 9000\n")
    with pytest.raises(ImproperlyConfigured, match=r"\.env, line 2: no NAME=value"):
        load_env_file(tmp_path / ".env")


def test_a_machines_own_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = local_secret(tmp_path / "secrets", "key")

    assert local_secret(tmp_path / "secrets", "key") == first
    assert len(first) == 50
    (kept,) = (tmp_path / "secrets").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
