SELECT
  `t8`.`year`,
  `t8`.`exporter`,
  `t8`.`value`,
  `t13`.`markets`,
  `t14`.`products`,
  `t8`.`lines`,
  `t13`.`hhi_markets`,
  `t14`.`hhi_products`,
  `t13`.`equivalent_markets`,
  `t14`.`equivalent_products`
FROM (
  SELECT
    `t4`.`year`,
    `t4`.`exporter`,
    SUM(`t4`.`value`) AS `value`,
    COUNT(*) AS `lines`
  FROM (
    SELECT
      *
    FROM (
      SELECT
        `t0`.`year`,
        `t0`.`exporter`,
        `t0`.`importer`,
        `t0`.`product`,
        SUM(`t0`.`value`) AS `value`
      FROM `trade` AS `t0`
      GROUP BY
        1,
        2,
        3,
        4
    ) AS `t1`
    WHERE
      `t1`.`value` > 0
  ) AS `t4`
  GROUP BY
    1,
    2
) AS `t8`
INNER JOIN (
  SELECT
    `t9`.`year`,
    `t9`.`exporter`,
    `t9`.`active` AS `markets`,
    `t9`.`squares` / (
      `t9`.`value` * `t9`.`value`
    ) AS `hhi_markets`,
    1.0 / (
      `t9`.`squares` / (
        `t9`.`value` * `t9`.`value`
      )
    ) AS `equivalent_markets`
  FROM (
    SELECT
      `t5`.`year`,
      `t5`.`exporter`,
      SUM(`t5`.`value`) AS `value`,
      COUNT(*) AS `active`,
      SUM(`t5`.`value` * `t5`.`value`) AS `squares`,
      SUM(`t5`.`value` * LN(`t5`.`value`)) AS `logs`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t0`.`year`,
          `t0`.`exporter`,
          `t0`.`importer`,
          SUM(`t0`.`value`) AS `value`
        FROM `trade` AS `t0`
        GROUP BY
          1,
          2,
          3
      ) AS `t2`
      WHERE
        `t2`.`value` > 0
    ) AS `t5`
    GROUP BY
      1,
      2
  ) AS `t9`
) AS `t13`
  ON `t8`.`year` = `t13`.`year` AND `t8`.`exporter` = `t13`.`exporter`
INNER JOIN (
  SELECT
    `t10`.`year`,
    `t10`.`exporter`,
    `t10`.`active` AS `products`,
    `t10`.`squares` / (
      `t10`.`value` * `t10`.`value`
    ) AS `hhi_products`,
    1.0 / (
      `t10`.`squares` / (
        `t10`.`value` * `t10`.`value`
      )
    ) AS `equivalent_products`
  FROM (
    SELECT
      `t6`.`year`,
      `t6`.`exporter`,
      SUM(`t6`.`value`) AS `value`,
      COUNT(*) AS `active`,
      SUM(`t6`.`value` * `t6`.`value`) AS `squares`,
      SUM(`t6`.`value` * LN(`t6`.`value`)) AS `logs`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t0`.`year`,
          `t0`.`exporter`,
          `t0`.`product`,
          SUM(`t0`.`value`) AS `value`
        FROM `trade` AS `t0`
        GROUP BY
          1,
          2,
          3
      ) AS `t3`
      WHERE
        `t3`.`value` > 0
    ) AS `t6`
    GROUP BY
      1,
      2
  ) AS `t10`
) AS `t14`
  ON `t8`.`year` = `t14`.`year` AND `t8`.`exporter` = `t14`.`exporter`
