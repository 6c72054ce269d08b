/* +++
answers = "Adds one device link"
+++ */
insert into links (token, name, made_at)
values ($token, $name, $at)
