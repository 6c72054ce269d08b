/* +++
answers = "how many departments each rater rated in a quarter; never how"
+++ */
create table turnout as
select
    region_id,
    quarter,
    rater_id,
    max(rater_group) as rater_group,
    count(distinct department_id) as n_departments,
    count(*) as n_scores,
from read_parquet($files, union_by_name = true)
where department_id <> '*'
group by region_id, quarter, rater_id
order by region_id, quarter, rater_id
