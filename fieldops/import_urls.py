"""Addresses of the import, for the namespace ``fieldops``."""

from django.urls import path

from fieldops.imports.views import ImportConfirmView, ImportPreviewView, ImportView

import_urlpatterns = [
    path("import/", ImportView.as_view(), name="import"),
    path("import/<uuid:uid>/", ImportPreviewView.as_view(), name="import-preview"),
    path(
        "import/<uuid:uid>/confirm/",
        ImportConfirmView.as_view(),
        name="import-confirm",
    ),
]
