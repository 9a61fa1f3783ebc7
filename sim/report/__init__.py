"""Reports: receive results, never run anything. The only room that imports matplotlib, lazily."""
