"""Evidence packs 证据包: what a third party needs to check what was found in a call, in one ZIP."""
