"""From the bytes of a file to grids of cells, one module for each format; knows no form."""
