"""Staying up: a place or a quick “busy” for every request, its line in the journal, probes, figures, and error pages."""
