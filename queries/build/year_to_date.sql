/* +++
answers = "figures that stay cumulative because the quarter before is not known"
+++ */
create table year_to_date as
with cumulative as (
    select region_id, quarter, department_id, leads, filed, people_sanctioned, null::bigint as received, null::bigint as closed,
    from cases
    where basis = 'ytd' and rank_band = 'all'
    union all
    select region_id, quarter, department_id, null, null, null, received, closed,
    from complaints
    where basis = 'ytd'
)

select
    region_id,
    quarter,
    department_id,
    sum(leads)::bigint as leads,
    sum(filed)::bigint as filed,
    sum(people_sanctioned)::bigint as people_sanctioned,
    sum(filed)::double / nullif(sum(leads), 0) as filed_per_lead,
    sum(people_sanctioned)::double / nullif(sum(filed), 0) as sanctioned_per_filed,
    sum(received)::bigint as received,
    sum(closed)::bigint as closed,
from cumulative
group by region_id, quarter, department_id
order by region_id, quarter, department_id
