/* +++
answers = "Adds one session"
+++ */
insert into sessions (token, name, how, address, made_at, seen_at)
values ($token, $name, $how, $address, $at, $at)
