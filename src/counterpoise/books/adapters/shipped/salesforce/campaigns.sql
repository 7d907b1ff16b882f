SELECT
    Id AS campaign_id,
    Name AS name,
    OwnerId AS owner_id,
    Type AS channel,
    StartDate AS started_at,
    EndDate AS ended_at,
    BudgetedCost AS budget,
    ActualCost AS spend,
    unnest(attributes),
    source_row
FROM Campaign
