"""What can be wrong with a pack."""
