"""The batch: an inbox in, an OUT folder out. Files are read in workers that may die; partitions are pure functions."""
