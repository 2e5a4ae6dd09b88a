"""Layer 3: models."""
