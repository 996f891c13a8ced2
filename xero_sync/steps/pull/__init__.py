"""Carry out changes here: each through the domain's services, each on its own."""
