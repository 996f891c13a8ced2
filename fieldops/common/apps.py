"""What lies under every app: records, the change log, money, rights."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "fieldops.common"
    label = "common"
    verbose_name = "History"
