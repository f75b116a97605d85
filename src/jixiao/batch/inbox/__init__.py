"""The files of an inbox: list, read, identify, select the versions that count."""
