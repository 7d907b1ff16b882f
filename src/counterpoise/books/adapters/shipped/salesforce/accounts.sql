SELECT
    Id AS account_id,
    Name AS name,
    Industry AS industry,
    Segment AS segment,
    NumberOfEmployees AS employees,
    AnnualRevenue AS annual_revenue,
    BillingCountry AS country,
    Region AS region,
    ParentId AS parent_account_id,
    CreatedDate AS created_at,
    unnest(attributes),
    source_row
FROM Account
