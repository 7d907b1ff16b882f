-- Every row is a lead that marketing has qualified; the word 'unknown' of an origin is kept apart
-- from an origin that is not there.
SELECT
    leads.mql_id AS lead_id,
    closed_deals.seller_id AS account_id,
    leads.origin AS source,
    leads.first_contact_date AS created_at,
    leads.first_contact_date AS qualified_at,
    closed_deals.sdr_id AS owner_id,
    closed_deals.mql_id AS deal_id,
    leads.landing_page_id,
    leads.source_row
FROM leads
LEFT JOIN closed_deals ON closed_deals.mql_id = leads.mql_id
ORDER BY leads.source_row
