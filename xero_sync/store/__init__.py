"""The only writers of the sync's own tables."""
