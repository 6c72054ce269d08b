/* +++
answers = "Ends the device links of an account"
+++ */
delete from links
where name = $name
