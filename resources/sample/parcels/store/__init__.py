"""Where parcels are kept."""
