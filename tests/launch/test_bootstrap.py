"""The steps before anything is installed, in a folder that only looks like a clone."""

import ast
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from fieldops.launch import bootstrap
from fieldops.launch.bootstrap import SetupFailed


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With an environment that is there already, and recorded instead of real installs."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    locks = {name: tmp_path / f"{name}.txt" for name in ("uv", "run", "dev")}
    for name, path in locks.items():
        path.write_text(f"{name} 1")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "LOCKS", locks)
    return tmp_path


@pytest.fixture
def installed(clone: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(bootstrap, "install", lambda lock: names.append(lock.stem))
    return names


def test_installs_once(installed: list[str]) -> None:
    bootstrap.install_once("run")
    bootstrap.install_once("run")

    assert installed == ["run"]


def test_installs_again_when_the_lock_file_changed(
    clone: Path, installed: list[str]
) -> None:
    bootstrap.install_once("run")
    (clone / "run.txt").write_text("run 2")
    bootstrap.install_once("run")

    assert installed == ["run", "run"]


def test_what_tests_need_includes_what_running_needs(installed: list[str]) -> None:
    bootstrap.install_once("dev")
    bootstrap.install_once("run")

    assert installed == ["dev"]


def test_makes_the_environment_anew_when_its_python_is_gone(
    clone: Path, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.install_once("run")
    python = clone / ".venv" / "bin" / "python"
    python.unlink()
    made: list[str] = []

    def make() -> None:
        made.append("venv")
        python.symlink_to(sys.executable)

    monkeypatch.setattr(bootstrap, "make_environment", make)
    (clone / "run.txt").write_text("run 2")
    bootstrap.install_once("run")

    assert made == ["venv"]


def test_pip_steps_in_where_uv_fails(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def failure_of(command: list[str]) -> str:
        asked.append(Path(command[0]).name)
        return "no such index" if asked[-1] == "uv" else ""

    monkeypatch.setattr(bootstrap, "failure_of", failure_of)
    bootstrap.install(bootstrap.LOCKS["run"])

    assert asked == ["python", "uv", "python"]
    assert "pip does" in capsys.readouterr().out


def test_says_what_the_installer_said(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "failure_of", lambda command: "no network")

    with pytest.raises(SetupFailed, match=r"could not be installed\.\nno network"):
        bootstrap.install(bootstrap.LOCKS["run"])


def test_an_older_python_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    with pytest.raises(SystemExit) as refusal:
        runpy.run_path(bootstrap.__file__)

    assert refusal.value.code == (
        "Fieldops needs Python 3.11 or newer, this is 3.9.2. "
        "If a newer one is installed, name it: make run PYTHON=python3.12"
    )


def test_older_pythons_get_as_far_as_the_refusal() -> None:
    """They must be able to read all of the file, and to run what stands before it."""
    module = ast.parse(Path(bootstrap.__file__).read_text(), feature_version=(3, 7))
    kinds = [type(statement) for statement in module.body]
    before = kinds[: kinds.index(ast.If)]
    assert set(before) == {ast.Expr, ast.Import, ast.ImportFrom}


def test_needs_the_standard_library_only() -> None:
    source = Path(bootstrap.__file__).read_text()
    modules = re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE)
    assert set(modules) <= sys.stdlib_module_names


def test_becomes_the_python_of_the_environment() -> None:
    asked = subprocess.run(
        [
            sys.executable,
            bootstrap.__file__,
            "dev",
            "-c",
            "import sys; print(sys.prefix)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(asked.stdout.strip()) == bootstrap.VENV
