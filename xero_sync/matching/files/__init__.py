"""Matching two lists that lie in files: ours as JSON lines, Xero's as its own JSON."""
