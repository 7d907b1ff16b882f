-- Where the export names the company without its id, a company of that name is it, if there is one
-- alone.
WITH named AS (
    SELECT "Company name" AS name, min("Record ID") AS company_id
    FROM companies
    GROUP BY "Company name"
    HAVING count(*) = 1
)

SELECT
    coalesce(deals."Record ID", 'row ' || deals.source_row) AS deal_id,
    deals."Deal Name" AS name,
    coalesce(
        trim(split_part(deals."Associated Company IDs", ';', 1)),
        named.company_id,
        deals."Associated Company"
    ) AS account_id,
    deals."Deal owner" AS owner_id,
    deals."Source" AS source,
    CASE
        WHEN deals."Deal Type" ILIKE '%renew%' THEN 'renewal'
        WHEN deals."Deal Type" ILIKE 'new%' THEN 'new'
        WHEN deals."Deal Type" ILIKE 'existing%' THEN 'growth'
    END AS kind,
    deals."Deal Stage" AS stage,
    CASE
        WHEN as_flag(deals."Is Closed Won") THEN 'won'
        WHEN as_flag(deals."Is Closed Lost") THEN 'lost'
        WHEN deals."Deal Stage" ILIKE '%closed%won%' OR deals."Deal Stage" ILIKE 'won%' THEN 'won'
        WHEN deals."Deal Stage" ILIKE '%closed%lost%' OR deals."Deal Stage" ILIKE 'lost%' THEN 'lost'
        ELSE 'open'
    END AS outcome,
    deals."Create Date" AS created_at,
    -- The close date of an open deal is a hope.
    CASE WHEN outcome <> 'open' THEN deals."Close Date" END AS closed_at,
    -- Nobody offers a lost deal for nothing: there a zero is an amount that nobody entered.
    CASE WHEN outcome <> 'won' AND as_money(deals."Amount") = 0 THEN NULL ELSE deals."Amount" END
        AS net_amount,
    deals."Term" AS term_months,
    deals."Competitor" AS competitor,
    deals."Closed Lost Reason" AS loss_reason,
    deals."Currency" AS currency,
    deals."Associated Company" AS "Associated Company",
    deals."Deal Type" AS "Deal Type",
    unnest(deals.attributes),
    deals.source_row
FROM deals
LEFT JOIN named ON named.name = deals."Associated Company"
ORDER BY deals.source_row
