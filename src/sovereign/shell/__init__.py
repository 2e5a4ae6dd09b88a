"""What every command shares; it knows no room."""
