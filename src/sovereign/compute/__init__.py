"""Layer 1: numbers."""
