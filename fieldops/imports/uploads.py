"""Uploads: plan them, carry them out once, forget them after a day."""

import csv
import io
from datetime import timedelta

import msgspec
from django.db.models import Q
from django.utils import timezone

from fieldops.common.importing.layout import REASON
from fieldops.common.importing.report import ImportReport
from fieldops.common.importing.sheet import read_sheet
from fieldops.imports.kinds import KINDS, Kind, import_file
from fieldops.imports.models import Upload
from fieldops.users.models import User

KEPT = timedelta(days=1)
# An import that has said nothing for so long was cut off and may be started again.
GIVEN_UP = timedelta(minutes=10)


def plan_upload(kind: Kind, content: bytes, filename: str, *, user: User) -> Upload:
    """Raises FileRefused; nothing is kept then."""
    report = import_file(kind, content, filename, user=user, dry_run=True)
    Upload.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return Upload.objects.create(
        user=user,
        kind=kind.key,
        filename=filename[-255:],
        content=content,
        report=msgspec.to_builtins(report),
    )


def carry_out(upload: Upload, *, user: User) -> bool:
    """False when it was done, or is being done, by an earlier click.

    All of it is planned again: the data may have changed since the preview.
    """
    now = timezone.now()
    waiting = Upload.objects.filter(pk=upload.pk, imported_at=None).filter(
        Q(started_at=None) | Q(started_at__lt=now - GIVEN_UP)
    )
    if not waiting.update(started_at=now):
        return False
    content = bytes(upload.content)
    report = import_file(KINDS[upload.kind], content, upload.filename, user=user)
    Upload.objects.filter(pk=upload.pk).update(
        report=msgspec.to_builtins(report), imported_at=timezone.now()
    )
    return True


def report_of(upload: Upload) -> ImportReport:
    return msgspec.convert(upload.report, ImportReport)


def refused_rows(upload: Upload) -> str:
    """The refused rows as a CSV file to correct and import again, each with its reason."""
    reasons = report_of(upload).reasons_by_line()
    sheet = read_sheet(bytes(upload.content))
    rows = {record.line: list(record.cells) for record in sheet.records}
    rows |= {line.line: line.text.split(sheet.delimiter) for line in sheet.broken}
    width = len(sheet.header.cells)
    out = io.StringIO()
    writer = csv.writer(out)
    names = [name for name in sheet.header.cells if name.strip() != REASON]
    writer.writerow([*names, REASON])
    for line, reason in sorted(reasons.items()):
        cells = (rows[line] + [""] * width)[:width]
        kept = [
            cell
            for cell, name in zip(cells, sheet.header.cells, strict=True)
            if name.strip() != REASON
        ]
        writer.writerow([*kept, f"line {line}: {reason}"])
    return out.getvalue()
