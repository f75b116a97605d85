"""One reader for each kind of block: from the cells of a region to facts."""
