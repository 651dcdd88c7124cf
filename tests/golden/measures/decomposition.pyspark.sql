WITH `t2` AS (
  SELECT
    `t1`.`importer`,
    `t1`.`product`,
    SUM(IF(`t1`.`year` = 2017, `t1`.`value`, 0.0)) AS `w0`,
    SUM(IF(`t1`.`year` = 2017, 0.0, `t1`.`value`)) AS `w1`,
    SUM(IF((
      `t1`.`exporter` = 704
    ) AND (
      `t1`.`year` = 2017
    ), `t1`.`value`, 0.0)) AS `v0`,
    SUM(
      IF((
        `t1`.`exporter` = 704
      ) AND NOT (
        `t1`.`year` = 2017
      ), `t1`.`value`, 0.0)
    ) AS `v1`
  FROM (
    SELECT
      *
    FROM `trade` AS `t0`
    WHERE
      `t0`.`year` IN (2017, 2022)
  ) AS `t1`
  GROUP BY
    1,
    2
)
SELECT
  `t12`.`product`,
  SUM(`t12`.`start`) AS `start`,
  SUM(`t12`.`end`) AS `end`,
  SUM(`t12`.`end` - `t12`.`start`) AS `change`,
  SUM(`t12`.`world`) AS `world`,
  SUM(`t12`.`product_mix`) AS `product_mix`,
  SUM(`t12`.`market_mix`) AS `market_mix`,
  SUM(`t12`.`competitiveness`) AS `competitiveness`
FROM (
  SELECT
    `t11`.`product`,
    `t11`.`v0` AS `start`,
    `t11`.`v1` AS `end`,
    COALESCE((
      `t9`.`a1` / NULLIF(`t9`.`a0`, 0)
    ) - 1, 0.0) * `t11`.`v0` AS `world`,
    (
      (
        (
          (
            COALESCE((
              `t7`.`k1` / NULLIF(`t7`.`k0`, 0)
            ) - 1, 0.0) - COALESCE((
              `t9`.`a1` / NULLIF(`t9`.`a0`, 0)
            ) - 1, 0.0)
          ) + COALESCE((
            `t11`.`w1` / NULLIF(`t11`.`w0`, 0)
          ) - 1, 0.0)
        ) - COALESCE((
          `t8`.`j1` / NULLIF(`t8`.`j0`, 0)
        ) - 1, 0.0)
      ) / 2
    ) * `t11`.`v0` AS `product_mix`,
    (
      (
        (
          (
            COALESCE((
              `t11`.`w1` / NULLIF(`t11`.`w0`, 0)
            ) - 1, 0.0) - COALESCE((
              `t7`.`k1` / NULLIF(`t7`.`k0`, 0)
            ) - 1, 0.0)
          ) + COALESCE((
            `t8`.`j1` / NULLIF(`t8`.`j0`, 0)
          ) - 1, 0.0)
        ) - COALESCE((
          `t9`.`a1` / NULLIF(`t9`.`a0`, 0)
        ) - 1, 0.0)
      ) / 2
    ) * `t11`.`v0` AS `market_mix`,
    (
      `t11`.`v1` - `t11`.`v0`
    ) - (
      COALESCE((
        `t11`.`w1` / NULLIF(`t11`.`w0`, 0)
      ) - 1, 0.0) * `t11`.`v0`
    ) AS `competitiveness`
  FROM (
    SELECT
      *
    FROM `t2` AS `t3`
    WHERE
      (
        `t3`.`v0` > 0
      ) OR (
        `t3`.`v1` > 0
      )
  ) AS `t11`
  INNER JOIN (
    SELECT
      `t3`.`product`,
      SUM(`t3`.`w0`) AS `k0`,
      SUM(`t3`.`w1`) AS `k1`
    FROM `t2` AS `t3`
    GROUP BY
      1
  ) AS `t7`
    ON `t11`.`product` = `t7`.`product`
  INNER JOIN (
    SELECT
      `t3`.`importer`,
      SUM(`t3`.`w0`) AS `j0`,
      SUM(`t3`.`w1`) AS `j1`
    FROM `t2` AS `t3`
    GROUP BY
      1
  ) AS `t8`
    ON `t11`.`importer` = `t8`.`importer`
  CROSS JOIN (
    SELECT
      SUM(`t3`.`w0`) AS `a0`,
      SUM(`t3`.`w1`) AS `a1`
    FROM `t2` AS `t3`
  ) AS `t9`
) AS `t12`
GROUP BY
  1
