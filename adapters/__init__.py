"""The platforms that people talk on."""
