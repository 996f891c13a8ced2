"""Contacts: customers, leads, suppliers."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
