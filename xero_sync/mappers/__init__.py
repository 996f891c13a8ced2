"""Xero's JSON and our drafts, translated both ways: pure functions, no Django."""
