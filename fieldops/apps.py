"""The shell: settings, addresses, dashboard, help."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class FieldopsConfig(AppConfig):
    name = "fieldops"
    default = True


class FieldopsAdminConfig(admin.AdminConfig):
    default = False
    default_site = "fieldops.admin_site.FieldopsAdminSite"
