"""Importing files: the kinds there are, uploads between preview and confirmation, pages."""
