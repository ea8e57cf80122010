"""Everything learned: weights and their provenance, decoding, voice activity, transcription, roles, encoder, classifiers."""
