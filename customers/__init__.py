"""Contacts: customers, leads and suppliers."""
