"""The shell: settings, addresses, dashboard, help."""

from typing import Any

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.contrib.admin import autodiscover
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class FieldopsConfig(AppConfig):
    name = "fieldops"
    default = True


class FieldopsAdminConfig(admin.SimpleAdminConfig):
    """Its pages come with the addresses of the site: who serves none, a worker or a
    command, starts in half the time."""

    default = False
    default_site = "fieldops.admin_site.FieldopsAdminSite"

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_pages, checks.Tags.admin)


def check_pages(**options: Any) -> list[checks.CheckMessage]:
    autodiscover()
    return check_admin_app(**options)
