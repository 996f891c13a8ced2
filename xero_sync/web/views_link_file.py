"""Links from another tool: upload, preview line by line, keep."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fieldops.common.importing.sheet import FileRefused
from fieldops.common.views import OfficeView
from xero_sync.consolidation.link_file import (
    GOOD,
    Fate,
    LinkLine,
    counts_of,
    keep_links,
    read_links,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.permissions import Right
from xero_sync.runs.requests import connected

MOST_BYTES = 1_000_000
LINES_SHOWN = 200
_KINDS = [
    (Kind.CONTACT.value, "Customers and suppliers"),
    (Kind.ITEM.value, "Stock items"),
]


class LinkFileForm(forms.Form):
    kind = forms.ChoiceField(
        label="What does the file link?",
        choices=_KINDS,
        widget=forms.RadioSelect,
        initial=Kind.CONTACT.value,
    )
    file = forms.FileField(
        label="CSV file",
        help_text="Its first line names the columns. Customers and suppliers: Account "
        "number (or Name) and ContactID. Stock: Code (or Name) and ItemID. 1 MB at most.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if file.size is not None and file.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 1 MB: split it.")
        return file


class LinkFileView(OfficeView):
    """GET asks for the file, POST shows what would become of each line."""

    permission = Right.SETTINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        connected()
        return self.page(LinkFileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LinkFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        content, kind = (
            form.cleaned_data["file"].read(),
            Kind(form.cleaned_data["kind"]),
        )
        try:
            lines = read_links(connected(), kind, content)
        except FileRefused as refusal:
            form.add_error("file", refusal.message)
            return self.page(form, status=422)
        kept: dict[str, Any] = {
            "kind": kind.value,
            "content": b64encode(content).decode(),
        }
        return self.page(LinkFileForm(), **kept, **_shown(lines))

    def page(
        self, form: LinkFileForm, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {"form": form, **more}
        return render(self.request, "xero_sync/link_file.html", context, status=status)


class KeepLinksView(OfficeView):
    """The file that was shown, judged anew: what changed meanwhile counts."""

    permission = Right.SETTINGS

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            content = b64decode(request.POST.get("content", ""), validate=True)
            kind = _kind(request.POST.get("kind", ""))
            lines = keep_links(connected(), kind, content, by=self.actor)
        except (NotBase64, ValueError, FileRefused):
            messages.error(request, "Choose the file again. Nothing has been kept.")
            return redirect("xero_sync:link-file")
        count = sum(one.fate is Fate.LINKED for one in lines)
        messages.success(
            request,
            f"{count:,} kept. The next sync links them; the preview shows them.",
        )
        return redirect("xero_sync:duplicates")


def _kind(value: str) -> Kind:
    """A ``ValueError`` for what no file links."""
    if value not in dict(_KINDS):
        raise ValueError(value)
    return Kind(value)


def _shown(lines: list[LinkLine]) -> dict[str, Any]:
    """What is wrong first: that is what somebody has to look at."""
    counts = counts_of(lines)
    ordered = sorted(lines, key=lambda one: (one.fate in GOOD, one.line))
    return {
        "lines": Paginator(ordered, LINES_SHOWN).get_page(1),
        "hidden": max(0, len(lines) - LINES_SHOWN),
        "figures": [
            (fate.value, count, fate in GOOD) for fate, count in counts.items()
        ],
        "will_keep": counts.get(Fate.LINKED, 0),
    }
