"""What bench/run is made of: servers, commands that are measured, copiers that are compared, tables."""
