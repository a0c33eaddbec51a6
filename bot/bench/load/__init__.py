"""The shop under as many messages as it can take, beside a bare echo bot."""
