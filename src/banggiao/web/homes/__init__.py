"""What the home page shows to each role."""
