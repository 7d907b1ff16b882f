SELECT
    "Record ID" AS account_id,
    "Company name" AS name,
    "Industry" AS industry,
    "Segment" AS segment,
    "Number of Employees" AS employees,
    "Annual Revenue" AS annual_revenue,
    "Country/Region" AS country,
    "Region" AS region,
    trim(split_part("Parent Company IDs", ';', 1)) AS parent_account_id,
    "Create Date" AS created_at,
    unnest(attributes),
    source_row
FROM companies
