"""What people and moderators can tell the bot to do."""
