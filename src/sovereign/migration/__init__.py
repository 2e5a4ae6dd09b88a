"""Layer 5: source in, Rust out."""
