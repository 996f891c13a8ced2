"""The sync with Xero: observe, plan, apply, record."""
