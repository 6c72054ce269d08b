/* +++
answers = "which peer groups have departments"
+++ */
select distinct category,
from departments
order by category
