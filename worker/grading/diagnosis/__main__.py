"""`python -m worker.grading.diagnosis` computes its predictions, for example to build an image."""

from worker.grading.diagnosis.tables import warm

warm()
