"""Accounts and device tokens."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "fieldops.users"
    label = "users"
