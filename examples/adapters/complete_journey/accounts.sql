SELECT DISTINCT store_id AS account_id, 'store ' || store_id AS name
FROM transactions
ORDER BY account_id
