"""The pages of world trade: opportunities, the product space, and what other pages build on the same frame."""
