"""What single commands do: check, convert, doctor, templates, packs, the drop target."""
