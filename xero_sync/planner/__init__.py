"""Compare what was agreed, what we have and what Xero has; say what to do.

Pure: no database, no network, no clock. The same input in any order gives the same plan.
"""
