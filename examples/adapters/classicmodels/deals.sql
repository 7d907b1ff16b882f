-- An order is a deal that was won on the day it came in. Held, disputed and unfinished orders are
-- won too: the customer has ordered. Only a cancelled order is no deal.
SELECT
    orders.orderNumber AS deal_id,
    orders.customerNumber AS account_id,
    customers.salesRepEmployeeNumber AS owner_id,
    orders.status AS stage,
    CASE WHEN orders.status = 'Cancelled' THEN 'cancelled' ELSE 'won' END AS outcome,
    orders.orderDate AS created_at,
    orders.orderDate AS closed_at,
    orders.requiredDate AS required_at,
    orders.shippedDate AS shipped_at,
    orders.comments,
    orders.source_row
FROM orders
LEFT JOIN customers ON customers.customerNumber = orders.customerNumber
ORDER BY orders.source_row
