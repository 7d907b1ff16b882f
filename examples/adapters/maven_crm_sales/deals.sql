SELECT
    -- One copy of this export has no ids: there a row's place stands for it.
    coalesce(opportunity_id, 'row ' || source_row) AS deal_id,
    account AS account_id,
    sales_agent AS owner_id,
    deal_stage AS stage,
    CASE deal_stage
        WHEN 'Won' THEN 'won'
        WHEN 'Lost' THEN 'lost'
        WHEN 'Engaging' THEN 'open'
        WHEN 'Prospecting' THEN 'open'
        ELSE deal_stage
    END AS outcome,
    engage_date AS created_at,
    close_date AS closed_at,
    unnest(attributes),
    source_row
FROM sales_pipeline
