"""The world before anybody acts: network, markets, people, followers, news."""
