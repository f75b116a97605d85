"""A sample district for each form: its filings as data, written as workbooks clean, flawed and hostile."""
