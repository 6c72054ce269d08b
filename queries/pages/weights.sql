/* +++
answers = "the office's weight of each dimension that occurs"
+++ */
select dimension, weight,
from weights
order by dimension
