"""What people see: content (what stands where), theme (how each role looks) and drawing, each apart."""
