WITH "t1" AS (
  SELECT
    *
  FROM "trade" AS "t0"
  WHERE
    "t0"."importer" = 842 AND "t0"."product" = 90111
), "t7" AS (
  SELECT
    "t6"."exporter",
    SUM(CASE WHEN "t6"."year" = "t6"."last" THEN "t6"."value" ELSE 0.0 END) AS "value",
    SUM(CASE WHEN "t6"."year" = "t6"."first" THEN "t6"."value" ELSE 0.0 END) AS "began",
    SUM(
      CASE
        WHEN (
          "t6"."year" = "t6"."last"
        ) AND (
          "t6"."quantity" IS NOT NULL
        )
        THEN "t6"."value"
        ELSE 0.0
      END
    ) AS "weighed",
    SUM(
      CASE
        WHEN (
          "t6"."year" = "t6"."last"
        ) AND (
          "t6"."quantity" IS NOT NULL
        )
        THEN "t6"."quantity"
        ELSE 0.0
      END
    ) AS "quantity",
    MAX("t6"."last" - "t6"."first") AS "years"
  FROM (
    SELECT
      "t3"."year",
      "t3"."exporter",
      "t3"."importer",
      "t3"."product",
      "t3"."value",
      "t3"."quantity",
      "t5"."first",
      "t5"."last"
    FROM "t1" AS "t3"
    CROSS JOIN (
      SELECT
        MIN("t2"."year") AS "first",
        MAX("t2"."year") AS "last"
      FROM "t1" AS "t2"
    ) AS "t5"
  ) AS "t6"
  GROUP BY
    1
)
SELECT
  "t13"."exporter",
  (
    RANK() OVER (
      ORDER BY "t13"."value" DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1
  ) + 1 AS "rank",
  "t13"."value",
  "t13"."value" / NULLIF("t13"."whole", 0) AS "share",
  CASE
    WHEN "t13"."years" > 0
    THEN (
      "t13"."value" / NULLIF("t13"."whole", 0)
    ) - (
      "t13"."began" / NULLIF("t13"."begun", 0)
    )
    ELSE CAST(NULL AS DOUBLE)
  END AS "share_change",
  (
    POWER(
      (
        "t13"."value" / NULLIF("t13"."began", 0)
      ),
      (
        1.0 / NULLIF(CAST("t13"."years" AS DOUBLE), 0)
      )
    )
  ) - 1 AS "growth",
  "t13"."weighed" / NULLIF("t13"."quantity", 0) AS "unit_value"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t9"."exporter",
      "t9"."value",
      "t9"."began",
      "t9"."weighed",
      "t9"."quantity",
      "t9"."years",
      "t11"."whole",
      "t11"."begun"
    FROM "t7" AS "t9"
    CROSS JOIN (
      SELECT
        SUM("t8"."value") AS "whole",
        SUM("t8"."began") AS "begun"
      FROM "t7" AS "t8"
    ) AS "t11"
  ) AS "t12"
  WHERE
    "t12"."value" > 0
) AS "t13"
