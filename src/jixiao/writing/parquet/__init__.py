"""The parquet tables: rows, columns, files."""
