/* +++
answers = "How many accounts there are"
+++ */
select count(*) as n
from accounts
order by n
