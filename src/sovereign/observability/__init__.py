"""Layer 4: what ran, shown."""
