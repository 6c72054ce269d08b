/* +++
answers = "How many ballots did each department get, and how many of them give everything the same score?"
+++ */
create table straight_lines as
select *,
from computed
order by region_id, quarter, department_id
