"""What reviews left behind: the figures that pages show, and the deals behind them.

A review takes seconds to minutes, so a job makes it when the books, the agreement or the day
change, and pages read what it left: `reviews/KEY/` with the review as JSON, every judged deal as
Parquet, and the campaigns that touched each. A folder is written whole or not at all.
"""
