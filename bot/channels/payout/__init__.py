"""The payment service: orders to pay are posted to it, and it calls back what became of them (docs/payouts.md)."""
