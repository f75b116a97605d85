"""Everything that people see, as workbooks and tables."""
