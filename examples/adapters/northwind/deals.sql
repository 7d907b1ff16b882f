-- An order is a deal that was won on the day it came in; what was asked before is not recorded.
SELECT
    orderID AS deal_id,
    customerID AS account_id,
    employeeID AS owner_id,
    'won' AS outcome,
    orderDate AS created_at,
    orderDate AS closed_at,
    requiredDate AS required_at,
    shippedDate AS shipped_at,
    freight,
    shipCountry AS ship_country,
    source_row
FROM orders
