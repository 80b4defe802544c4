"""What runs a model where: one module for each place."""
