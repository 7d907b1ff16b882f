-- The list price is that of the standard price book, or the only price that a product has.
WITH prices AS (
    SELECT
        PricebookEntry.Product2Id,
        min(as_money(PricebookEntry.UnitPrice)) AS lowest,
        max(as_money(PricebookEntry.UnitPrice)) AS highest,
        max(as_money(PricebookEntry.UnitPrice)) FILTER (
            WHERE as_flag(Pricebook2.IsStandard) OR Pricebook2.Name = 'Standard Price Book'
        ) AS standard
    FROM PricebookEntry
    LEFT JOIN Pricebook2 ON Pricebook2.Id = PricebookEntry.Pricebook2Id
    WHERE NOT coalesce(as_flag(PricebookEntry.IsDeleted), false)
    GROUP BY PricebookEntry.Product2Id
)

SELECT
    Product2.Id AS product_id,
    Product2.Name AS name,
    Product2.Family AS family,
    coalesce(prices.standard, CASE WHEN prices.lowest = prices.highest THEN prices.lowest END)
        AS list_price,
    Product2.UnitCost AS unit_cost,
    Product2.ProductCode AS "Product Code",
    Product2.IsActive AS "Active",
    unnest(Product2.attributes),
    Product2.source_row
FROM Product2
LEFT JOIN prices ON prices.Product2Id = Product2.Id
ORDER BY Product2.source_row
