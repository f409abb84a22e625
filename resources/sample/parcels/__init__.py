"""Waybill's core: parcels, their states, their ways and their prices."""
