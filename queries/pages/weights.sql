/* +++
answers = "the office's weight of each dimension that occurs"
needs = "words"
+++ */
select distinct dimension, weight,
from weights
order by dimension
