"""Models in pages of documentation: a core that all generators share, and a thin adapter for each."""
