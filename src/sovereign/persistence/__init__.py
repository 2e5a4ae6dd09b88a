"""Layer 2: bytes on disk."""
