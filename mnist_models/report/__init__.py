"""What was measured, told once."""
