/* +++
answers = "how each department was scored: by quarter and dimension, and over all of each"
+++ */
create table scores as
-- not materialized: three cheap scans of the files beat one copy of every ballot in memory
with cast_scores as not materialized (
    select
        region_id,
        quarter,
        department_id,
        dimension,
        rater_id,
        ballot_id,
        score,
        scale_min,
        scale_max,
    from read_parquet($files, union_by_name = true)
    where department_id <> '*'
),

-- A score is unique by rater and ballot, so distinct raters need counting only where a rater has several ballots; on
-- millions of rows that is the difference between seconds and minutes. (An import gives a rater's scores of a
-- department all with ballots or all without.)
several_ballots as (
    select
        region_id,
        quarter,
        department_id,
        dimension,
        count(*) - count(distinct rater_id) as n_repeated,
    from cast_scores
    where ballot_id is not null
    group by region_id, quarter, department_id, dimension
),

by_dimension as (
    select
        region_id,
        quarter,
        department_id,
        dimension,
        count(*) as n_scores,
        sum(score) as total,
        sum(score * score) as squares,
        min(scale_min) as scale_min,
        max(scale_max) as scale_max,
    from cast_scores
    group by region_id, quarter, department_id, dimension
),

ballots as (
    select distinct region_id, quarter, department_id, rater_id, ballot_id,
    from cast_scores
),

pooled_dimensions as (
    select region_id, quarter, department_id, count(*) as n_raters, sum(n_ballots) as n_ballots,
    from (
        select region_id, quarter, department_id, rater_id, count(*) as n_ballots,
        from ballots
        group by region_id, quarter, department_id, rater_id
    ) as rated
    group by region_id, quarter, department_id
),

pooled_quarters as (
    select region_id, department_id, dimension, count(*) as n_raters,
    from (
        select distinct region_id, department_id, dimension, rater_id,
        from cast_scores
    ) as rated
    group by region_id, department_id, dimension
),

pooled_everything as (
    select region_id, department_id, count(*) as n_raters,
    from (
        select distinct region_id, department_id, rater_id,
        from ballots
    ) as rated
    group by region_id, department_id
),

added as (
    select
        region_id,
        coalesce(quarter, 'all') as quarter,
        department_id,
        coalesce(dimension, 'pooled') as dimension,
        sum(n_scores) as n_scores,
        sum(total) as total,
        sum(squares) as squares,
        min(scale_min) as scale_min,
        max(scale_max) as scale_max,
    from by_dimension
    group by region_id, department_id, grouping sets ((quarter, dimension), (quarter), (dimension), ())
),

ballots_everything as (
    select region_id, department_id, sum(n_ballots) as n_ballots,
    from pooled_dimensions
    group by region_id, department_id
)

select
    added.region_id,
    added.quarter,
    added.department_id,
    added.dimension,
    added.n_scores::bigint as n_scores,
    coalesce(
        pooled_dimensions.n_raters,
        pooled_quarters.n_raters,
        pooled_everything.n_raters,
        added.n_scores - coalesce(several_ballots.n_repeated, 0)
    )::bigint as n_raters,
    coalesce(pooled_dimensions.n_ballots, ballots_everything.n_ballots, added.n_scores)::bigint as n_ballots,
    added.total,
    added.total / added.n_scores as mean,
    if(
        added.n_scores > 1,
        sqrt(greatest(added.squares - added.total * added.total / added.n_scores, 0) / (added.n_scores - 1)),
        null
    ) as sd,
    added.scale_min,
    added.scale_max,
from added
left join several_ballots
    on added.region_id = several_ballots.region_id
    and added.quarter = several_ballots.quarter
    and added.department_id = several_ballots.department_id
    and added.dimension = several_ballots.dimension
left join pooled_dimensions
    on added.dimension = 'pooled'
    and added.region_id = pooled_dimensions.region_id
    and added.quarter = pooled_dimensions.quarter
    and added.department_id = pooled_dimensions.department_id
left join pooled_quarters
    on added.quarter = 'all'
    and added.region_id = pooled_quarters.region_id
    and added.department_id = pooled_quarters.department_id
    and added.dimension = pooled_quarters.dimension
left join pooled_everything
    on added.quarter = 'all'
    and added.dimension = 'pooled'
    and added.region_id = pooled_everything.region_id
    and added.department_id = pooled_everything.department_id
left join ballots_everything
    on added.quarter = 'all'
    and added.dimension = 'pooled'
    and added.region_id = ballots_everything.region_id
    and added.department_id = ballots_everything.department_id
order by region_id, quarter, department_id, dimension
