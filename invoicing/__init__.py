"""Accounts, VAT rates and sales invoices."""
