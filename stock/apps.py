"""Items and their movements."""

from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "stock"
