/* +++
answers = "The file has the tables of version 2"
+++ */
pragma user_version = 2
