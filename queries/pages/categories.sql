/* +++
answers = "which peer groups have departments"
needs = "words"
+++ */
select distinct category,
from departments
order by category
