"""The records that pass between stages; knows no form, no file format and no other part of the program."""
