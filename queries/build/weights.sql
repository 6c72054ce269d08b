/* +++
answers = "what does the office's composite value: the weight of each dimension that occurs"
+++ */
create table weights as
with named as (
    select
        unnest($dimensions::varchar[]) as dimension,
        unnest($weights::double[]) as weight,
),

occurring as (
    select distinct region_id, dimension,
    from scores
    where dimension <> 'pooled'
)

select
    occurring.region_id,
    occurring.dimension,
    coalesce(named.weight, 1.0) as weight,
from occurring
left join named on occurring.dimension = named.dimension
order by occurring.region_id, occurring.dimension
