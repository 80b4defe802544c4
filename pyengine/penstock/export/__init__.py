"""Models for other pages: bundles for the element, posters, pages in one file."""
