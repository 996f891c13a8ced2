"""Stock items over the API."""
