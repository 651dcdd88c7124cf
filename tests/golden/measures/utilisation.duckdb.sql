SELECT
  "t2"."importer",
  "t2"."exporter",
  "t2"."eligible",
  "t2"."claimed",
  "t2"."claimed" / NULLIF("t2"."eligible", 0) AS "utilisation",
  "t2"."unclaimed",
  "t2"."saved",
  "t2"."savings_left"
FROM (
  SELECT
    "t1"."importer",
    "t1"."exporter",
    SUM("t1"."eligible") AS "eligible",
    SUM("t1"."claimed") AS "claimed",
    SUM(GREATEST("t1"."eligible" - "t1"."claimed", 0.0)) AS "unclaimed",
    SUM("t1"."claimed" * (
      "t1"."mfn" - "t1"."preferential"
    )) AS "saved",
    SUM(
      GREATEST("t1"."eligible" - "t1"."claimed", 0.0) * (
        "t1"."mfn" - "t1"."preferential"
      )
    ) AS "savings_left"
  FROM (
    SELECT
      *
    FROM "use" AS "t0"
    WHERE
      "t0"."preferential" < "t0"."mfn"
  ) AS "t1"
  GROUP BY
    1,
    2
) AS "t2"
