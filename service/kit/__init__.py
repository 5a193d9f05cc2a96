"""Domain-free helpers: fingerprints, reproducible zip files, the file store."""
