"""Discord: what is heard through the gateway, and what is said through interactions and channels."""
