"""Ways through the network of depots."""
