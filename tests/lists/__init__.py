"""Two lists with known truth, and how well a matcher finds it."""
