"""What leaves the product as a file to be shown elsewhere: charts as pictures, with all that makes them readable."""
