namespace { int p = 0; int q = p; }
