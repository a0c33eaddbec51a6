"""A month of a busy shop, played at speed through the real pipeline: a load, demo data, and a test of every promise at once."""
