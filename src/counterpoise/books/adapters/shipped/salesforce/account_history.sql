-- Several versions of one day: the last one is what held from then on.
SELECT
    Id AS account_id,
    as_day(_fivetran_start) AS valid_from,
    Industry AS industry,
    Segment AS segment,
    NumberOfEmployees AS employees,
    AnnualRevenue AS annual_revenue,
    Region AS region
FROM AccountHistory
QUALIFY row_number() OVER (
    PARTITION BY Id, as_day(_fivetran_start) ORDER BY as_instant(_fivetran_start) DESC
) = 1
ORDER BY account_id, valid_from
