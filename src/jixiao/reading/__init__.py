"""From a file to a `Submission`."""
