"""A stage: one side full, the other empty. A database of its own, a ledger of its own,
and measures on it one after another, each in a fresh process."""

import json
import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import requests

from fieldops.launch.ports import free_port
from fieldops.launch.service import Service, wait_until
from fieldops.settings.base import sqlite_url
from tests.bench.processes import Figures, run_job
from tests.bench.sizes import Sizes
from tests.services import ROOT

PATIENCE = 600


@dataclass
class Stage:
    """``ours`` and ``theirs``: which side holds the company."""

    folder: Path
    sizes: Sizes
    ours: bool = False
    theirs: bool = False
    profile: bool = False
    port: int = field(default_factory=free_port)
    moment: float = 0.0
    _ledger: Service | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._ledger = self._start_ledger()
        try:
            self._prepare()
        except BaseException:
            self._ledger.kill()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        if self._ledger:
            self._ledger.kill()

    def _start_ledger(self) -> Service:
        contacts = self.sizes.contacts if self.theirs else 0
        arguments = json.dumps({"contacts": contacts, "port": self.port})
        ledger = Service(
            "ledger",
            [sys.executable, "-m", "tests.bench.server", arguments],
            log=self.folder / "ledger.log",
            pid_file=self.folder / "ledger.pid",
            environment=self._environment(),
            folder=ROOT,
        )
        ledger.start()
        answered = wait_until(
            lambda: self._answers() or not ledger.is_running, PATIENCE
        )
        assert answered, ledger.last_words()
        assert ledger.is_running, ledger.last_words()
        return ledger

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/bench/calls", timeout=60).ok
        except requests.RequestException:
            return False

    def _prepare(self) -> None:
        template = self.folder.parent / "empty.sqlite3"
        if template.exists():
            shutil.copy(template, self._database)
        else:
            self.run("prepare", step="migrate")
            shutil.copy(self._database, template)
        self.run("prepare", step="company", ours=self.ours)

    @property
    def _database(self) -> Path:
        return self.folder / "bench.sqlite3"

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "fieldops.settings.test",
            "DATABASE_URL": sqlite_url(self._database),
            "OAUTHLIB_INSECURE_TRANSPORT": "1",
            "LOG_LEVEL": "ERROR",
        }

    def run(self, job: str, **options: object) -> Figures:
        arguments = {
            "contacts": self.sizes.contacts,
            "url": self.url,
            "moment": self.moment,
            "profile": self.profile and job != "prepare",
            **options,
        }
        figures = run_job(job, arguments, self._environment())
        self.moment = max(self.moment, figures.get("moment", 0.0))
        return figures

    def control(self, action: str, **fields: object) -> None:
        answer = requests.post(f"{self.url}/sandbox/{action}", json=fields, timeout=60)
        answer.raise_for_status()

    def calls(self) -> list[tuple[float, int]]:
        """When the ledger was called since the last time it was asked, and its answers."""
        asked = requests.get(f"{self.url}/bench/calls", timeout=60).json()
        return [(moment, status) for moment, status in asked]
