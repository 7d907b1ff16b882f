SELECT
    customerNumber AS account_id,
    customerName AS name,
    country,
    creditLimit AS credit_limit,
    source_row
FROM customers
