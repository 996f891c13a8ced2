from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "fieldops.imports"
    label = "imports"
