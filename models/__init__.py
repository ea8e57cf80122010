"""Everything learned: weights and where they come from, decoding, voice activity, words, roles, labels."""
