"""From a file to a `Submission`: sources give grids, blocks are found by their printed labels, cells become facts."""
