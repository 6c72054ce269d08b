"""No clock decides whether a test passes, and the same examples are tried on every machine."""

import hypothesis

hypothesis.settings.register_profile("mingjing", deadline=None, derandomize=True)
hypothesis.settings.load_profile("mingjing")
