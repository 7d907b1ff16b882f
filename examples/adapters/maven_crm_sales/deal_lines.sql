SELECT
    coalesce(opportunity_id, 'row ' || source_row) AS deal_id,
    1 AS line_no,
    product AS product_id,
    1 AS quantity,
    -- What a lost deal was offered at is not recorded: the export writes 0 for it.
    CASE WHEN deal_stage = 'Won' THEN close_value END AS net_price,
    source_row
FROM sales_pipeline
