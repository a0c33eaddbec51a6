"""The buyers' web chat, and what it shares with the agents' desk: streams, guards, the server."""
