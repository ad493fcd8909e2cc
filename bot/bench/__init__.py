"""Measurements that an owner can run: how fast the bot is on this machine."""
