"""The practice ledger: a stateful stand-in for Xero, built from recorded behaviour.

It stands apart from the rest of the project: nothing here imports the product, and
the product reaches it over HTTP only, exactly as it reaches Xero.
"""
