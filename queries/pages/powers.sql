/* +++
answers = "Which powers does the catalogue hold at the end of a quarter, and by how many days is a post's rotation overdue then?"
needs = "departments"
+++ */
select
    p.department_id,
    d.category,
    p.power_id,
    p.name,
    p.domain,
    p.subdomain,
    p.link,
    p.basis,
    p.holder,
    p.risk_level,
    p.likelihood,
    p.harm,
    p.managed_by,
    p.managed_by_level,
    p.measure,
    p.has_check_step,
    p.has_complaint_route,
    p.published,
    p.annual_uses,
    p.annual_amount_10k,
    p.rotation_due,
    -- a quarter that is not over is looked at as of the day on which the figures were built
    greatest(date_diff('day', p.rotation_due, least(q.last_day, q.as_of)), 0) as days_overdue,
    p.valid_from,
    p.valid_to,
from powers_in_force as p
inner join quarters as q on p.region_id = q.region_id and p.quarter = q.quarter
inner join department_quarters as s
    on p.region_id = s.region_id and p.quarter = s.quarter and p.department_id = s.department_id
inner join departments as d on p.region_id = d.region_id and p.department_id = d.department_id
where p.region_id = $region and p.quarter = $quarter and ($category is null or d.category = $category)
order by p.department_id, p.power_id
