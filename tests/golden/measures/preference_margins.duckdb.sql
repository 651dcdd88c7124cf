WITH "t2" AS (
  SELECT
    "t0"."year",
    "t0"."importer",
    "t0"."exporter",
    "t0"."product",
    "t0"."mfn",
    COALESCE("t0"."preferential", "t0"."mfn") AS "paid"
  FROM "tariffs" AS "t0"
), "t10" AS (
  SELECT
    "t5"."year",
    "t5"."importer",
    "t5"."exporter",
    "t5"."product",
    "t5"."value",
    COALESCE("t7"."paid", "t9"."general") AS "pays"
  FROM (
    SELECT
      "t1"."year",
      "t1"."importer",
      "t1"."exporter",
      "t1"."product",
      SUM("t1"."value") AS "value"
    FROM "trade" AS "t1"
    GROUP BY
      1,
      2,
      3,
      4
  ) AS "t5"
  INNER JOIN (
    SELECT
      "t4"."year",
      "t4"."importer",
      "t4"."product",
      MAX("t4"."mfn") AS "general"
    FROM "t2" AS "t4"
    GROUP BY
      1,
      2,
      3
  ) AS "t9"
    ON "t5"."year" = "t9"."year"
    AND "t5"."importer" = "t9"."importer"
    AND "t5"."product" = "t9"."product"
  LEFT OUTER JOIN "t2" AS "t7"
    ON "t5"."year" = "t7"."year"
    AND "t5"."importer" = "t7"."importer"
    AND "t5"."exporter" = "t7"."exporter"
    AND "t5"."product" = "t7"."product"
)
SELECT
  "t16"."year",
  "t16"."importer",
  "t16"."exporter",
  "t16"."product",
  "t16"."mfn",
  "t16"."paid",
  "t16"."margin",
  "t16"."others_pay",
  (
    "t16"."others_pay" - "t16"."paid"
  ) / (
    "t16"."others_pay" + 1
  ) AS "adjusted_margin"
FROM (
  SELECT
    "t6"."year",
    "t6"."importer",
    "t6"."exporter",
    "t6"."product",
    "t6"."mfn",
    "t6"."paid",
    (
      "t6"."mfn" - "t6"."paid"
    ) / (
      "t6"."mfn" + 1
    ) AS "margin",
    CASE
      WHEN (
        COALESCE("t15"."sellers", 0) - CAST("t13"."own" IS NOT NULL AS BIGINT)
      ) > 0
      THEN (
        "t15"."duty" - (
          COALESCE("t13"."own", 0.0) * "t6"."paid"
        )
      ) / NULLIF("t15"."whole" - COALESCE("t13"."own", 0.0), 0)
      ELSE CAST(NULL AS DOUBLE)
    END AS "others_pay"
  FROM "t2" AS "t6"
  LEFT OUTER JOIN (
    SELECT
      "t11"."year",
      "t11"."importer",
      "t11"."exporter",
      "t11"."product",
      "t11"."value" AS "own"
    FROM "t10" AS "t11"
  ) AS "t13"
    ON "t6"."year" = "t13"."year"
    AND "t6"."importer" = "t13"."importer"
    AND "t6"."exporter" = "t13"."exporter"
    AND "t6"."product" = "t13"."product"
  LEFT OUTER JOIN (
    SELECT
      "t11"."year",
      "t11"."importer",
      "t11"."product",
      SUM("t11"."value") AS "whole",
      SUM("t11"."value" * "t11"."pays") AS "duty",
      COUNT(DISTINCT "t11"."exporter") AS "sellers"
    FROM "t10" AS "t11"
    GROUP BY
      1,
      2,
      3
  ) AS "t15"
    ON "t6"."year" = "t15"."year"
    AND "t6"."importer" = "t15"."importer"
    AND "t6"."product" = "t15"."product"
) AS "t16"
