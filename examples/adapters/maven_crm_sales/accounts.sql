SELECT
    account AS account_id,
    account AS name,
    sector AS industry,
    employees,
    as_money(revenue) * 1000000 AS annual_revenue,  -- the export counts in millions
    office_location AS country,
    subsidiary_of AS parent_account_id,
    unnest(attributes),
    source_row
FROM accounts
