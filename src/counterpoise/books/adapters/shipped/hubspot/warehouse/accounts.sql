SELECT
    id AS account_id,
    property_name AS name,
    property_industry AS industry,
    property_segment AS segment,
    property_numberofemployees AS employees,
    property_annualrevenue AS annual_revenue,
    property_country AS country,
    property_region AS region,
    property_hs_parent_company_id AS parent_account_id,
    property_createdate AS created_at,
    unnest(attributes),
    source_row
FROM company
