"""The records every part of the program shares: frozen, slotted, picklable, importing nothing of ours but each other."""
