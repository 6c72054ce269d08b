/* +++
answers = "Which columns of a table do all files of a region have? One that is absent is no data; an empty cell is none."
needs = "words"
+++ */
with periods as (
    select count(distinct period) as n,
    from given_columns
    where "table" = $table and region_id = $region
)

select given_columns."column",
from given_columns
cross join periods
where given_columns."table" = $table and given_columns.region_id = $region
group by given_columns."column", periods.n
having count(*) = periods.n
order by given_columns."column"
