"""Documents that leave the office, each written once as a model and then as Word, PDF, slides and a workbook."""
