"""Where facts come from: ``files`` reads exports; each vendor's programming interface has a folder of its own."""
