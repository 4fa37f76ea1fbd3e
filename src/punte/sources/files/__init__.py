"""Files as a source: ``reading`` turns any export file into batches of text, a mapping turns those into records."""
