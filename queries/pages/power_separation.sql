/* +++
answers = "Which posts hold two or all three of decision, execution and supervision in one domain at the end of a quarter?"
needs = "departments"
+++ */
select
    department_id,
    domain,
    holder,
    count(distinct link) as links,
    list(distinct link order by link) as held,
from powers_in_force
where region_id = $region and quarter = $quarter
group by department_id, domain, holder
having count(distinct link) > 1
order by department_id, domain, holder
