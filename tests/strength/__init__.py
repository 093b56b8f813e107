"""How strong the suites are: which wrong engines and mutants they catch, and by which cases."""
