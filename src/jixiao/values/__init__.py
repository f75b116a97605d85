"""From text to values, and back."""
