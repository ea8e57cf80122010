"""The domain: calls, the rubric, its detectors and the engine that turns signals into an evidenced score."""
