"""A seeded, invented county with known gaps, for trying the product and for testing it."""

from dashboard.demo.county import generate

__all__ = ["generate"]
