"""Carry out changes in Xero: in batches, each written down before it is sent."""
