-- The source says how much of the currency one unit of the company's buys; the books say the reverse.
SELECT
    IsoCode AS currency,
    StartDate AS valid_from,
    (1 / nullif(as_number(ConversionRate), 0))::DECIMAL(18, 6) AS rate,
    source_row
FROM DatedConversionRate
