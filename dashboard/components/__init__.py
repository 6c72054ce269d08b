"""The pieces pages are made of. They take plain values and return components; no database, no callbacks."""
