/* +++
answers = "Keeps how often signing in failed by a name or from an address"
+++ */
insert into attempts (key, failures, last_at, until)
values ($key, $failures, $at, $until)
on conflict (key) do update set failures = excluded.failures, last_at = excluded.last_at, until = excluded.until
