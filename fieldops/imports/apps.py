"""Uploads that wait for a person to look at them."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "fieldops.imports"
    label = "imports"
