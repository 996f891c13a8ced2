"""Stock items, their movements and levels."""
