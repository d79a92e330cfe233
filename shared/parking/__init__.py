"""Messages that nobody could take: dead letters, kept with what is needed to replay them."""
