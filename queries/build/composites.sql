/* +++
answers = "the composite score of each department and quarter by the office's weights"
+++ */
create table composites as
select *,
from weighted_scores(
    (select list(dimension order by dimension), from weights),
    (select list(weight order by dimension), from weights)
)
order by region_id, quarter, department_id
