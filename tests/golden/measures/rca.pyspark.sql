WITH `t1` AS (
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
)
SELECT
  `t3`.`year`,
  `t3`.`exporter`,
  `t3`.`product`,
  `t3`.`value`,
  (
    `t3`.`value` / NULLIF(`t7`.`of_exporter`, 0)
  ) / NULLIF(`t8`.`of_product` / NULLIF(`t9`.`of_world`, 0), 0) AS `rca`
FROM `t1` AS `t3`
INNER JOIN (
  SELECT
    `t2`.`year`,
    `t2`.`exporter`,
    SUM(`t2`.`value`) AS `of_exporter`
  FROM `t1` AS `t2`
  GROUP BY
    1,
    2
) AS `t7`
  ON `t3`.`year` = `t7`.`year` AND `t3`.`exporter` = `t7`.`exporter`
INNER JOIN (
  SELECT
    `t2`.`year`,
    `t2`.`product`,
    SUM(`t2`.`value`) AS `of_product`
  FROM `t1` AS `t2`
  GROUP BY
    1,
    2
) AS `t8`
  ON `t3`.`year` = `t8`.`year` AND `t3`.`product` = `t8`.`product`
INNER JOIN (
  SELECT
    `t2`.`year`,
    SUM(`t2`.`value`) AS `of_world`
  FROM `t1` AS `t2`
  GROUP BY
    1
) AS `t9`
  ON `t3`.`year` = `t9`.`year`
