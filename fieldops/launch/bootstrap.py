"""First steps on a bare machine: the virtual environment and what a lock file names.

Run by its path with any python3 before anything is installed, so it imports the standard
library only and nothing of this project:

    python3 fieldops/launch/bootstrap.py run|dev [ARGUMENTS FOR THE ENVIRONMENT'S PYTHON]
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

# Any python3 may start this file: refuse before a line that an older one cannot run.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Fieldops needs Python 3.11 or newer, this is %d.%d.%d. "  # noqa: UP031
        "If a newer one is installed, name it: make run PYTHON=python3.12"
        % sys.version_info[:3]
    )

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("uv", "run", "dev")}
INCLUDES = {"run": ("run",), "dev": ("run", "dev")}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in INCLUDES:
        return refuse("Usage: bootstrap.py run|dev [ARGUMENTS FOR PYTHON]")
    os.chdir(ROOT)
    try:
        install_once(arguments[0])
    except KeyboardInterrupt:
        return refuse("Interrupted.", code=130)
    except SetupFailed as failure:
        return refuse(str(failure))
    if arguments[1:]:
        os.execv(PYTHON, [str(PYTHON), *arguments[1:]])  # noqa: S606 - that is the aim
    return 0


class SetupFailed(Exception):
    """What could not be done, and how to put it right."""


def refuse(sentence: str, code: int = 1) -> int:
    sys.stderr.write(sentence + "\n")
    return code


def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def install_once(name: str) -> None:
    """Bring the environment to the lock file; nothing to do costs a few milliseconds."""
    if is_installed(name):
        return
    # Two commands started together in a fresh clone must not install over each other.
    with LOCKS[name].open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if is_installed(name):
            return
        if not python_version():
            make_environment()
        install(LOCKS[name])
        for included in INCLUDES[name]:
            stamp(included).write_text(fingerprint(included))


def is_installed(name: str) -> bool:
    path = stamp(name)
    return path.exists() and path.read_text() == fingerprint(name)


def stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def fingerprint(name: str) -> str:
    """Changes with the lock file and with the Python that the environment runs on."""
    content = hashlib.sha256(LOCKS[name].read_bytes()).hexdigest()
    return f"{python_version()} {content}\n"


def python_version() -> str:
    """Of the environment's Python; empty when there is none or it no longer runs."""
    try:
        asked = subprocess.run(
            [PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return asked.stdout.decode().strip()


def make_environment() -> None:
    say("Making the virtual environment in .venv ...")
    problem = failure_of([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if problem:
        raise SetupFailed(
            f"{sys.executable} could not make a virtual environment "
            f"(on Debian and Ubuntu: apt install python3-venv).\n{problem}"
        )


def install(lock: Path) -> None:
    """With uv, in seconds; where uv cannot be had or fails, with pip, in a minute."""
    say(f"Installing the packages of {lock.relative_to(ROOT)} ...")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes"]
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--require-hashes"]
    problem = failure_of([*pip, "-r", str(LOCKS["uv"])])
    if not problem:
        problem = failure_of([*uv, "--python", str(PYTHON), "-r", str(lock)])
    if problem:
        say("uv could not do it, so pip does: this takes a minute ...")
        problem = failure_of([*pip, "-r", str(lock)])
    if problem:
        raise SetupFailed(f"The packages could not be installed.\n{problem}")


def failure_of(command: list[str]) -> str:
    """The last lines of what the command said when it failed; empty when it did not."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode == 0:
        return ""
    lines = done.stdout.decode(errors="replace").strip().splitlines()
    return "\n".join(lines[-12:]) or f"{command[0]} ended with {done.returncode}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
