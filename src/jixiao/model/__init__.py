"""The records that pass between stages."""
