"""The pages of an import: upload, preview, confirm, result."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from fieldops.common.importing.report import Entry, ImportReport, Outcome
from fieldops.common.importing.sheet import FileRefused
from fieldops.common.views import OfficeView
from fieldops.imports.forms import ImportForm
from fieldops.imports.kinds import KINDS, refuse_too_many_rows
from fieldops.imports.models import Upload
from fieldops.imports.uploads import carry_out, plan_upload, refused_rows, report_of

RIGHT = "fieldops.import_data"
ROWS_PER_PAGE = 50
TONES = {
    Outcome.CREATED: "ok",
    Outcome.CHANGED: "info",
    Outcome.UNCHANGED: "mute",
    Outcome.REFUSED: "bad",
}
# what a record will be, and what it was
PLANNED = {
    Outcome.CREATED: "Will be created",
    Outcome.CHANGED: "Will be changed",
    Outcome.UNCHANGED: "Already here",
    Outcome.REFUSED: "Refused",
}
DONE = PLANNED | {Outcome.CREATED: "Created", Outcome.CHANGED: "Changed"}


class ImportView(OfficeView):
    permission = RIGHT

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.rendered(ImportForm(initial={"kind": request.GET.get("kind")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.rendered(form, status=422)
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            refuse_too_many_rows(content)
            kind = KINDS[form.cleaned_data["kind"]]
            upload = plan_upload(kind, content, file.name, user=self.user)
        except FileRefused as refusal:
            form.add_error("file", refusal.message)
            return self.rendered(form, status=422)
        return redirect("fieldops:import-preview", upload.uid)

    def rendered(self, form: ImportForm, status: int = 200) -> HttpResponse:
        return render(
            self.request, "fieldops/import.html", {"form": form}, status=status
        )


class ImportPreviewView(OfficeView):
    """What would happen; after the confirmation, what has happened."""

    permission = RIGHT

    def get(self, request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
        upload = get_object_or_404(Upload, uid=uid, user=self.user)
        if request.GET.get("download") == "refused":
            return _refused_file(upload)
        context = preview_context(
            upload, request.GET.get("show", ""), request.GET.get("page", "")
        )
        return render(request, "fieldops/import_preview.html", context)


class ImportConfirmView(OfficeView):
    permission = RIGHT

    def post(self, request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
        upload = get_object_or_404(Upload, uid=uid, user=self.user)
        if carry_out(upload, user=self.user):
            messages.success(request, f"{upload.filename} was imported.")
        return redirect("fieldops:import-preview", upload.uid)


def preview_context(upload: Upload, show: str, page: str) -> dict[str, Any]:
    report = report_of(upload)
    entries = shown_entries(report, show)
    words = DONE if upload.imported_at else PLANNED
    return {
        "upload": upload,
        "kind": KINDS[upload.kind],
        "report": report,
        "will_write": report.created + report.changed,
        "tabs": _tabs(report, show, words),
        "page": Paginator(
            [_row(entry, words) for entry in entries], ROWS_PER_PAGE
        ).get_page(page),
    }


def shown_entries(report: ImportReport, show: str) -> list[Entry]:
    if show == "warnings":
        return [entry for entry in report.entries if entry.warnings]
    return [entry for entry in report.entries if show in ("", entry.outcome)]


def _tabs(
    report: ImportReport, show: str, words: dict[Outcome, str]
) -> list[dict[str, Any]]:
    with_warnings = len(shown_entries(report, "warnings"))
    counts = [
        ("", "All", len(report.entries)),
        *(
            (outcome.value, words[outcome], report.count(outcome))
            for outcome in Outcome
        ),
        ("warnings", "With warnings", with_warnings),
    ]
    return [
        {
            "label": label,
            "url": f"?show={key}" if key else "?",
            "count": number,
            "is_active": key == show,
            "tone": "bad" if key == Outcome.REFUSED else "",
        }
        for key, label, number in counts
        if number or key == show or not key
    ]


def _row(entry: Entry, words: dict[Outcome, str]) -> dict[str, Any]:
    return {
        "entry": entry,
        "lines": _lines(entry.lines),
        "outcome": words[entry.outcome],
        "tone": TONES[entry.outcome],
        "is_plain": entry.outcome is Outcome.UNCHANGED,
    }


def _lines(lines: tuple[int, ...]) -> str:
    """1-3, 7: neighbours together."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], line]
        else:
            runs.append([line])
    return ", ".join("-".join(map(str, run)) for run in runs)


def _refused_file(upload: Upload) -> HttpResponse:
    name = f"refused-{KINDS[upload.kind].key}.csv"
    return HttpResponse(
        "\ufeff" + refused_rows(upload),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
