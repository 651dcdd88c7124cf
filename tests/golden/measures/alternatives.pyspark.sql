WITH `t1` AS (
  SELECT
    *
  FROM `trade` AS `t0`
  WHERE
    `t0`.`product` = 310210
), `t6` AS (
  SELECT
    `t3`.`year`,
    `t3`.`exporter`,
    `t3`.`importer`,
    `t3`.`product`,
    `t3`.`value`,
    `t3`.`quantity`,
    `t5`.`first`,
    `t5`.`last`
  FROM `t1` AS `t3`
  CROSS JOIN (
    SELECT
      MIN(`t2`.`year`) AS `first`,
      MAX(`t2`.`year`) AS `last`
    FROM `t1` AS `t2`
  ) AS `t5`
)
SELECT
  `t12`.`exporter`,
  `t12`.`exports`,
  `t12`.`exports` / NULLIF(`t12`.`world`, 0) AS `world_share`,
  `t12`.`supplied`,
  `t12`.`exports` - `t12`.`supplied` AS `elsewhere`,
  (
    `t12`.`exports` - `t12`.`supplied`
  ) / NULLIF(`t12`.`lost`, 0) AS `cover`,
  (
    POWER(
      (
        `t12`.`exports` / NULLIF(`t12`.`began`, 0)
      ),
      (
        1.0 / NULLIF(CAST(`t12`.`years` AS DOUBLE), 0)
      )
    )
  ) - 1 AS `growth`
FROM (
  SELECT
    `t9`.`exporter`,
    `t9`.`exports`,
    `t9`.`supplied`,
    `t9`.`began`,
    `t11`.`world`,
    `t11`.`lost`,
    `t11`.`years`
  FROM (
    SELECT
      `t7`.`exporter`,
      SUM(IF(`t7`.`year` = `t7`.`last`, `t7`.`value`, 0.0)) AS `exports`,
      SUM(
        IF((
          `t7`.`year` = `t7`.`last`
        ) AND (
          `t7`.`importer` = 704
        ), `t7`.`value`, 0.0)
      ) AS `supplied`,
      SUM(IF(`t7`.`year` = `t7`.`first`, `t7`.`value`, 0.0)) AS `began`
    FROM `t6` AS `t7`
    GROUP BY
      1
  ) AS `t9`
  CROSS JOIN (
    SELECT
      SUM(IF(`t7`.`year` = `t7`.`last`, `t7`.`value`, 0.0)) AS `world`,
      SUM(
        IF(
          (
            `t7`.`year` = `t7`.`last`
          )
          AND (
            `t7`.`importer` = 704
          )
          AND (
            `t7`.`exporter` = 643
          ),
          `t7`.`value`,
          0.0
        )
      ) AS `lost`,
      MAX(`t7`.`last` - `t7`.`first`) AS `years`
    FROM `t6` AS `t7`
  ) AS `t11`
) AS `t12`
WHERE
  `t12`.`exporter` <> 643 AND `t12`.`exporter` <> 704 AND `t12`.`exports` > 0
