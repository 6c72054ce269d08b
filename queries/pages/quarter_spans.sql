/* +++
answers = "from which quarter to which has each region figures"
needs = "words"
+++ */
select region_id, min(quarter) as first_quarter, max(quarter) as last_quarter,
from quarters
group by region_id
order by region_id
