"""What two or more functions know, in the words of travel; one folder a domain."""
