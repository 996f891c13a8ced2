"""What a person should see of the sync, and what they can do about it."""
