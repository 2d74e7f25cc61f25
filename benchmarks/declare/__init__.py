"""How fast the program declares its resources, beside the plainest program that declares them."""
