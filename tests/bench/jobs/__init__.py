"""What runs in a child process, by name; figures come back as JSON."""
