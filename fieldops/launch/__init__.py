"""Starts everything on one machine: environment, services, one screen, one way to end."""
