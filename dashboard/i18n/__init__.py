"""The words of the product, one file a language."""
