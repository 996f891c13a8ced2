"""The shell of the project: settings, addresses, dashboard, help."""

from fieldops.celery import app as celery_app

__all__ = ["celery_app"]
