from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "fieldops.common"
    label = "common"
    verbose_name = "History"
