"""Staying up: a place or a quick “busy” for each request, its line in the journal, probes, figures, error pages."""
