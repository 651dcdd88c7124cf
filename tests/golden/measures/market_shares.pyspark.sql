WITH `t1` AS (
  SELECT
    `t0`.`year`,
    `t0`.`importer`,
    `t0`.`product`,
    `t0`.`exporter`,
    SUM(`t0`.`value`) AS `value`
  FROM `trade` AS `t0`
  GROUP BY
    1,
    2,
    3,
    4
)
SELECT
  `t3`.`year`,
  `t3`.`importer`,
  `t3`.`product`,
  `t3`.`exporter`,
  `t3`.`value`,
  `t3`.`value` / NULLIF(`t5`.`whole`, 0) AS `share`
FROM `t1` AS `t3`
INNER JOIN (
  SELECT
    `t2`.`year`,
    `t2`.`importer`,
    `t2`.`product`,
    SUM(`t2`.`value`) AS `whole`
  FROM `t1` AS `t2`
  GROUP BY
    1,
    2,
    3
) AS `t5`
  ON `t3`.`year` = `t5`.`year`
  AND `t3`.`importer` = `t5`.`importer`
  AND `t3`.`product` = `t5`.`product`
