"""Obstacles to market access and what is done about them."""
