WITH "t2" AS (
  SELECT
    "t0"."year",
    "t0"."importer",
    "t0"."product",
    SUM("t0"."value") AS "value"
  FROM "trade" AS "t0"
  GROUP BY
    1,
    2,
    3
), "t5" AS (
  SELECT
    "t1"."year",
    "t1"."exporter",
    "t1"."product",
    SUM("t1"."value") AS "value"
  FROM (
    SELECT
      *
    FROM "trade" AS "t0"
    WHERE
      "t0"."exporter" = 704
  ) AS "t1"
  GROUP BY
    1,
    2,
    3
)
SELECT
  "t19"."year",
  "t19"."exporter",
  "t19"."importer",
  SUM(LEAST("t19"."sold_share", "t19"."bought_share")) * 100 AS "tci"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t17"."year",
      "t17"."exporter",
      "t17"."product",
      "t17"."sold_share",
      "t15"."importer",
      "t15"."bought_share"
    FROM (
      SELECT
        "t14"."year",
        "t14"."exporter",
        "t14"."product",
        "t14"."share" AS "sold_share"
      FROM (
        SELECT
          "t8"."year",
          "t8"."exporter",
          "t8"."product",
          "t8"."value",
          "t8"."value" / NULLIF("t11"."whole", 0) AS "share"
        FROM "t5" AS "t8"
        INNER JOIN (
          SELECT
            "t6"."year",
            "t6"."exporter",
            SUM("t6"."value") AS "whole"
          FROM "t5" AS "t6"
          GROUP BY
            1,
            2
        ) AS "t11"
          ON "t8"."year" = "t11"."year" AND "t8"."exporter" = "t11"."exporter"
      ) AS "t14"
    ) AS "t17"
    INNER JOIN (
      SELECT
        "t12"."year",
        "t12"."importer",
        "t12"."product",
        "t12"."share" AS "bought_share"
      FROM (
        SELECT
          "t4"."year",
          "t4"."importer",
          "t4"."product",
          "t4"."value",
          "t4"."value" / NULLIF("t9"."whole", 0) AS "share"
        FROM "t2" AS "t4"
        INNER JOIN (
          SELECT
            "t3"."year",
            "t3"."importer",
            SUM("t3"."value") AS "whole"
          FROM "t2" AS "t3"
          GROUP BY
            1,
            2
        ) AS "t9"
          ON "t4"."year" = "t9"."year" AND "t4"."importer" = "t9"."importer"
      ) AS "t12"
    ) AS "t15"
      ON "t17"."year" = "t15"."year" AND "t17"."product" = "t15"."product"
  ) AS "t18"
  WHERE
    "t18"."exporter" <> "t18"."importer"
) AS "t19"
GROUP BY
  1,
  2,
  3
