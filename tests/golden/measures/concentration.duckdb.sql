WITH "t1" AS (
  SELECT
    "t0"."year",
    "t0"."exporter",
    "t0"."importer",
    SUM("t0"."value") AS "value"
  FROM "trade" AS "t0"
  GROUP BY
    1,
    2,
    3
)
SELECT
  "t8"."year",
  "t8"."exporter",
  "t8"."value",
  "t8"."active",
  "t6"."n",
  'all' AS "n_rule",
  "t8"."squares" / (
    "t8"."value" * "t8"."value"
  ) AS "hhi",
  (
    (
      "t8"."squares" / (
        "t8"."value" * "t8"."value"
      )
    ) - (
      1.0 / CAST("t6"."n" AS DOUBLE)
    )
  ) / NULLIF(1.0 - (
    1.0 / CAST("t6"."n" AS DOUBLE)
  ), 0) AS "hhi_normalised",
  1.0 / (
    "t8"."squares" / (
      "t8"."value" * "t8"."value"
    )
  ) AS "equivalent",
  (
    LN(CAST("t6"."n" AS DOUBLE)) + (
      "t8"."logs" / "t8"."value"
    )
  ) - LN("t8"."value") AS "theil"
FROM (
  SELECT
    "t3"."year",
    "t3"."exporter",
    SUM("t3"."value") AS "value",
    COUNT(*) AS "active",
    SUM("t3"."value" * "t3"."value") AS "squares",
    SUM("t3"."value" * LN("t3"."value")) AS "logs"
  FROM (
    SELECT
      *
    FROM "t1" AS "t2"
    WHERE
      "t2"."value" > 0
  ) AS "t3"
  GROUP BY
    1,
    2
) AS "t8"
INNER JOIN (
  SELECT
    "t4"."year",
    COUNT(*) AS "n"
  FROM (
    SELECT DISTINCT
      "t2"."year",
      "t2"."importer"
    FROM "t1" AS "t2"
    WHERE
      "t2"."value" > 0
  ) AS "t4"
  GROUP BY
    1
) AS "t6"
  ON "t8"."year" = "t6"."year"
