SELECT brand AS product_id, brand AS name, 'orange juice' AS family
FROM weeks
GROUP BY brand
ORDER BY brand
