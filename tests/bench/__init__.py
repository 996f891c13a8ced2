"""What the sync costs, measured against its limits and against two other clients:
``make bench``. Each measure is a file in ``measures`` and runs in a process of its own."""
