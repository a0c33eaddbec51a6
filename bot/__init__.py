"""Shouhou: the after-sales assistant."""
