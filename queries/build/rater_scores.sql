/* +++
answers = "What did each rater give each department in a quarter (or, for no quarter, in all), and how much of it in ballots that have one score for everything?"
+++ */
with cast_scores as (
    select
        department_id,
        rater_id,
        coalesce(rater_group, '') as rater_group,
        dimension,
        score,
        count(*) over ballot as n_of_ballot,
        min(score) over ballot as lowest,
        max(score) over ballot as highest,
    from read_parquet($files, union_by_name = true)
    where
        department_id <> '*'
        and region_id = $region
        and ($quarter is null or quarter = $quarter)
    window ballot as (partition by quarter, department_id, rater_id, ballot_id)
)

select
    department_id,
    rater_id,
    min(rater_group) as rater_group,
    dimension,
    count(*)::double as n,
    sum(score) as total,
    sum(score * score) as squares,
    -- two equal scores are soon given; three or more are a straight line
    (count(*) filter (where n_of_ballot >= 3 and lowest = highest))::double as straight_n,
    coalesce(sum(score) filter (where n_of_ballot >= 3 and lowest = highest), 0) as straight_total,
    coalesce(sum(score * score) filter (where n_of_ballot >= 3 and lowest = highest), 0) as straight_squares,
from cast_scores
group by department_id, rater_id, dimension
order by department_id, rater_id, dimension
