"""Import a CSV file in the columns of Xero's import templates."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fieldops.common.importing.report import ImportReport, Remark
from fieldops.common.importing.sheet import FileRefused
from fieldops.imports.kinds import KINDS, Kind, import_file


class Command(BaseCommand):
    help = (
        "Import contacts, suppliers, items or invoices from a CSV file. Rows that are "
        "refused are named, the others are imported; the exit code is then 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would happen, write nothing",
        )

    def handle(
        self, *args: Any, kind: str, file: Path, dry_run: bool, **options: Any
    ) -> None:
        try:
            content = file.read_bytes()
            report = import_file(KINDS[kind], content, file.name, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except FileRefused as refusal:
            raise CommandError(f"{file}: {refusal.message}") from refusal
        self._tell("warning", report.all_warnings)
        self._tell("refused", report.errors)
        self.stdout.write(summary(KINDS[kind], report, dry_run=dry_run))
        if report.refused:
            raise SystemExit(1)

    def _tell(self, word: str, remarks: tuple[Remark, ...]) -> None:
        for remark in remarks:
            self.stderr.write(f"{word}: {remark}")


def summary(kind: Kind, report: ImportReport, *, dry_run: bool) -> str:
    words = (
        f"{report.created} created, {report.changed} changed, "
        f"{report.unchanged} already here, {report.refused} refused, "
        f"{len(report.all_warnings)} warnings"
    )
    tail = " (dry run: nothing was written)" if dry_run else ""
    return f"{kind.label}: {words}{tail}"
