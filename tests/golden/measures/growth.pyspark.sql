WITH `t2` AS (
  SELECT
    `t1`.`exporter`,
    `t1`.`product`,
    SUM(IF(`t1`.`year` = 2017, `t1`.`value`, 0.0)) AS `start`,
    SUM(IF(`t1`.`year` = 2017, 0.0, `t1`.`value`)) AS `end`
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
  `t4`.`exporter`,
  `t4`.`product`,
  `t4`.`start`,
  `t4`.`end`,
  `t4`.`end` - `t4`.`start` AS `change`,
  (
    POWER(
      (
        `t4`.`end` / NULLIF(`t4`.`start`, 0)
      ),
      (
        1.0 / NULLIF(CAST(5 AS DOUBLE), 0)
      )
    )
  ) - 1 AS `growth`,
  `t4`.`start` / NULLIF(`t6`.`start_whole`, 0) AS `start_share`,
  `t4`.`end` / NULLIF(`t6`.`end_whole`, 0) AS `end_share`,
  (
    `t4`.`end` / NULLIF(`t6`.`end_whole`, 0)
  ) - (
    `t4`.`start` / NULLIF(`t6`.`start_whole`, 0)
  ) AS `share_change`
FROM `t2` AS `t4`
INNER JOIN (
  SELECT
    `t3`.`product`,
    SUM(`t3`.`start`) AS `start_whole`,
    SUM(`t3`.`end`) AS `end_whole`
  FROM `t2` AS `t3`
  GROUP BY
    1
) AS `t6`
  ON `t4`.`product` = `t6`.`product`
