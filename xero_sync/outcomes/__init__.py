"""What the rooms of the sync say to each other: plain frozen data, no Django."""
