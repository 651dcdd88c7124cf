"""From the files people have to a release in the store: one module for each source layout, one way of checking."""
