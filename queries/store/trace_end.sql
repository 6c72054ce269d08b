/* +++
answers = "Which number was given last to a row of the trace, and the hash of the last row; 0 and '' where there is none"
+++ */
select
    coalesce((select seq from sqlite_sequence where name = 'trace'), 0) as number,
    coalesce((select hash from trace order by number desc limit 1), '') as hash
order by number
