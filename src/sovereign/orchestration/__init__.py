"""Layer 7: the conductor."""
