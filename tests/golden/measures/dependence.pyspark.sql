WITH `t2` AS (
  SELECT
    `t0`.`year`,
    `t0`.`exporter`,
    `t0`.`product`,
    SUM(`t0`.`value`) AS `sold`
  FROM `trade` AS `t0`
  GROUP BY
    1,
    2,
    3
), `t5` AS (
  SELECT
    `t1`.`year`,
    `t1`.`importer`,
    `t1`.`product`,
    `t1`.`exporter`,
    SUM(`t1`.`value`) AS `value`
  FROM (
    SELECT
      *
    FROM `trade` AS `t0`
    WHERE
      `t0`.`importer` = 704
  ) AS `t1`
  GROUP BY
    1,
    2,
    3,
    4
)
SELECT
  `t14`.`year`,
  `t14`.`importer`,
  `t14`.`product`,
  `t14`.`exporter`,
  `t14`.`value`,
  `t14`.`share`,
  `t14`.`suppliers`,
  `t14`.`supplier_hhi`,
  `t14`.`world_share`,
  `t14`.`share` >= 0.5 AS `by_share`,
  `t14`.`supplier_hhi` >= 0.4 AS `by_concentration`,
  `t14`.`world_share` >= 0.5 AS `by_world`,
  CAST(`t14`.`share` >= 0.5 AS BIGINT) + CAST(`t14`.`supplier_hhi` >= 0.4 AS BIGINT) + CAST(`t14`.`world_share` >= 0.5 AS BIGINT) AS `flags`
FROM (
  SELECT
    `t8`.`year`,
    `t8`.`importer`,
    `t8`.`product`,
    `t8`.`exporter`,
    `t8`.`value`,
    `t13`.`suppliers`,
    `t13`.`supplier_hhi`,
    `t8`.`value` / NULLIF(`t13`.`whole`, 0) AS `share`,
    `t4`.`sold` / NULLIF(`t9`.`world`, 0) AS `world_share`
  FROM `t5` AS `t8`
  INNER JOIN (
    SELECT
      `t11`.`year`,
      `t11`.`importer`,
      `t11`.`product`,
      `t11`.`value` AS `whole`,
      `t11`.`active` AS `suppliers`,
      `t11`.`squares` / (
        `t11`.`value` * `t11`.`value`
      ) AS `supplier_hhi`
    FROM (
      SELECT
        `t10`.`year`,
        `t10`.`importer`,
        `t10`.`product`,
        SUM(`t10`.`value`) AS `value`,
        COUNT(*) AS `active`,
        SUM(`t10`.`value` * `t10`.`value`) AS `squares`,
        SUM(`t10`.`value` * LN(`t10`.`value`)) AS `logs`
      FROM (
        SELECT
          *
        FROM `t5` AS `t6`
        WHERE
          `t6`.`value` > 0
      ) AS `t10`
      GROUP BY
        1,
        2,
        3
    ) AS `t11`
  ) AS `t13`
    ON `t8`.`year` = `t13`.`year`
    AND `t8`.`importer` = `t13`.`importer`
    AND `t8`.`product` = `t13`.`product`
  INNER JOIN `t2` AS `t4`
    ON `t8`.`year` = `t4`.`year`
    AND `t8`.`exporter` = `t4`.`exporter`
    AND `t8`.`product` = `t4`.`product`
  INNER JOIN (
    SELECT
      `t3`.`year`,
      `t3`.`product`,
      SUM(`t3`.`sold`) AS `world`
    FROM `t2` AS `t3`
    GROUP BY
      1,
      2
  ) AS `t9`
    ON `t8`.`year` = `t9`.`year` AND `t8`.`product` = `t9`.`product`
) AS `t14`
