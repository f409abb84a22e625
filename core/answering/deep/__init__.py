"""Deep questions: taken apart, each part answered from a pack of its own, and one answer made of the parts."""
