"""What any batch program needs, without the form: processes, engines, limits, atomic files, records, LibreOffice."""
