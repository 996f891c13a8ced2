"""What the template tags of the office pages are made of."""
