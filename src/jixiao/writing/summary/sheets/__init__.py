"""The sheets of the district summary, one module for each."""
