"""Invoices and the chart of accounts over the API."""
