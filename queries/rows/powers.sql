/* +++
answers = "the powers in the catalogue of a department, and of those that it follows, that stood in a window"
needs = "rows"
+++ */
with span as (
    select region_id, quarter, min(member_first_day) as first_day, max(member_last_day) as last_day,
    from windows
    where length = $window
    group by region_id, quarter
)

select
    powers.power_id,
    powers.department_id,
    powers.name,
    powers.domain,
    powers.subdomain,
    powers.link,
    powers.basis,
    powers.holder,
    powers.risk_level,
    powers.likelihood,
    powers.harm,
    powers.managed_by,
    powers.managed_by_level,
    powers.measure,
    powers.has_check_step,
    powers.has_complaint_route,
    powers.published,
    powers.annual_uses,
    powers.annual_amount_10k,
    powers.rotation_due,
    powers.valid_from,
    powers.valid_to,
from lineage
inner join span on lineage.region_id = span.region_id and lineage.quarter = span.quarter
inner join powers
    on lineage.region_id = powers.region_id
    and lineage.former_id = powers.department_id
    and coalesce(powers.valid_from, date '0001-01-01') <= span.last_day
    and coalesce(powers.valid_to, date '9999-12-31') >= span.first_day
where lineage.region_id = $region and lineage.quarter = $quarter and lineage.department_id = $department
order by powers.risk_level, powers.department_id, powers.power_id, powers.valid_from
