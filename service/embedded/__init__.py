"""Everything on one machine: data folder, processes, file broker, demo course."""
