"""The office pages of the sync."""
