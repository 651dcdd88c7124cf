"""The cycle of a review: figures kept as frozen, readers asked for comments, conclusions, corrections by memo."""
