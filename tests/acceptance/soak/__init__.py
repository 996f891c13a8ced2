"""Real workers ended at random moments, round after round: ``make soak-kills``."""
