"""Signing in and out of the API, and the devices a person is signed in on."""
