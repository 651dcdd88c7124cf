WITH "t2" AS (
  SELECT
    *
  FROM (
    SELECT
      "t0"."year",
      "t0"."exporter",
      "t0"."importer",
      "t0"."product",
      SUM("t0"."value") AS "value"
    FROM "trade" AS "t0"
    GROUP BY
      1,
      2,
      3,
      4
  ) AS "t1"
  WHERE
    "t1"."value" > 0
)
SELECT
  "t7"."year",
  "t7"."exporter",
  "t7"."value",
  "t14"."markets",
  "t15"."products",
  "t7"."lines",
  "t14"."hhi_markets",
  "t15"."hhi_products",
  "t14"."equivalent_markets",
  "t15"."equivalent_products"
FROM (
  SELECT
    "t3"."year",
    "t3"."exporter",
    SUM("t3"."value") AS "value",
    COUNT(*) AS "lines"
  FROM "t2" AS "t3"
  GROUP BY
    1,
    2
) AS "t7"
INNER JOIN (
  SELECT
    "t10"."year",
    "t10"."exporter",
    "t10"."active" AS "markets",
    "t10"."squares" / (
      "t10"."value" * "t10"."value"
    ) AS "hhi_markets",
    1.0 / (
      "t10"."squares" / (
        "t10"."value" * "t10"."value"
      )
    ) AS "equivalent_markets"
  FROM (
    SELECT
      "t8"."year",
      "t8"."exporter",
      SUM("t8"."value") AS "value",
      COUNT(*) AS "active",
      SUM("t8"."value" * "t8"."value") AS "squares",
      SUM("t8"."value" * LN("t8"."value")) AS "logs"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t3"."year",
          "t3"."exporter",
          "t3"."importer",
          SUM("t3"."value") AS "value"
        FROM "t2" AS "t3"
        GROUP BY
          1,
          2,
          3
      ) AS "t5"
      WHERE
        "t5"."value" > 0
    ) AS "t8"
    GROUP BY
      1,
      2
  ) AS "t10"
) AS "t14"
  ON "t7"."year" = "t14"."year" AND "t7"."exporter" = "t14"."exporter"
INNER JOIN (
  SELECT
    "t11"."year",
    "t11"."exporter",
    "t11"."active" AS "products",
    "t11"."squares" / (
      "t11"."value" * "t11"."value"
    ) AS "hhi_products",
    1.0 / (
      "t11"."squares" / (
        "t11"."value" * "t11"."value"
      )
    ) AS "equivalent_products"
  FROM (
    SELECT
      "t9"."year",
      "t9"."exporter",
      SUM("t9"."value") AS "value",
      COUNT(*) AS "active",
      SUM("t9"."value" * "t9"."value") AS "squares",
      SUM("t9"."value" * LN("t9"."value")) AS "logs"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t3"."year",
          "t3"."exporter",
          "t3"."product",
          SUM("t3"."value") AS "value"
        FROM "t2" AS "t3"
        GROUP BY
          1,
          2,
          3
      ) AS "t6"
      WHERE
        "t6"."value" > 0
    ) AS "t9"
    GROUP BY
      1,
      2
  ) AS "t11"
) AS "t15"
  ON "t7"."year" = "t15"."year" AND "t7"."exporter" = "t15"."exporter"
