"""What makes packages of the program; nothing of it is part of them."""
