"""The room in which data come in: uploads with a preview, the list of imports, and what is missing."""
