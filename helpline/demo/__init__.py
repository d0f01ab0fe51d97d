"""``helpline demo``: a whole centre here, and one call lived by a scripted citizen and executive."""
