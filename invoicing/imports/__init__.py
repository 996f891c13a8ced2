"""Invoices from a file: the columns, which rows make one invoice, writing them."""
