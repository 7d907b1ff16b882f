SELECT
    customerID AS account_id,
    companyName AS name,
    country,
    region,
    city,
    source_row
FROM customers
