"""One file for each thing that is measured: ``rows`` runs it and judges the figures."""
