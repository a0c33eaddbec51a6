"""The benchmark: what a matcher reaches on labelled messages, beside its peers. Nothing of the bot imports it."""
