-- Sellers sign up without paying, so a deal has no amount; the revenue that a seller declares is an
-- attribute. A deal begins with the first contact.
SELECT
    closed_deals.mql_id AS deal_id,
    closed_deals.seller_id AS account_id,
    closed_deals.sr_id AS owner_id,
    closed_deals.mql_id AS lead_id,
    leads.origin AS source,
    'new' AS kind,
    'won' AS outcome,
    leads.first_contact_date AS created_at,
    closed_deals.won_date AS closed_at,
    closed_deals.sdr_id,
    closed_deals.business_segment,
    unnest(closed_deals.attributes),
    closed_deals.source_row
FROM closed_deals
LEFT JOIN leads ON leads.mql_id = closed_deals.mql_id
ORDER BY closed_deals.source_row
