"""Orders and parcels from the shop: CSV files, the sample, and links that prove whose an order is."""
