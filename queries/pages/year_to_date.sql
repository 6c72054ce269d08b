/* +++
answers = "figures that stay cumulative because the quarter before is not known: shown, never charted as a quarter"
+++ */
select
    region_id,
    quarter,
    department_id,
    sum(leads) as leads,
    sum(filed) as filed,
    sum(people_sanctioned) as people_sanctioned,
    sum(filed)::double / nullif(sum(leads), 0) as filed_per_lead,
    sum(people_sanctioned)::double / nullif(sum(filed), 0) as sanctioned_per_filed,
from cases
where basis = 'ytd' and rank_band = 'all'
group by region_id, quarter, department_id
order by region_id, quarter, department_id
