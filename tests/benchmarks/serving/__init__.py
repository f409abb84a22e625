"""A real model server with a model made on the spot, and a proxy before it for what a server does that is not well."""
