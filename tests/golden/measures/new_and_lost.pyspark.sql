WITH `t1` AS (
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
)
SELECT
  `t13`.`exporter`,
  `t13`.`since`,
  `t13`.`year`,
  SUM(`t13`.`now` - `t13`.`before`) AS `change`,
  SUM(
    IF(
      NOT (
        `t13`.`before` = 0
      ) AND NOT (
        `t13`.`now` = 0
      ),
      `t13`.`now` - `t13`.`before`,
      0.0
    )
  ) AS `continued`,
  SUM(IF(`t13`.`before` = 0, `t13`.`now`, 0.0)) AS `new`,
  SUM(IF(`t13`.`now` = 0, `t13`.`before`, 0.0)) AS `lost`,
  SUM(CAST(`t13`.`before` = 0 AS BIGINT)) AS `new_lines`,
  SUM(CAST(`t13`.`now` = 0 AS BIGINT)) AS `lost_lines`,
  SUM(CAST(NOT (
    `t13`.`before` = 0
  ) AND NOT (
    `t13`.`now` = 0
  ) AS BIGINT)) AS `continued_lines`
FROM (
  SELECT
    COALESCE(`t6`.`year`, `t12`.`year`) AS `year`,
    COALESCE(`t10`.`since`, `t12`.`since`) AS `since`,
    COALESCE(`t6`.`exporter`, `t12`.`exporter`) AS `exporter`,
    COALESCE(`t6`.`importer`, `t12`.`importer`) AS `importer`,
    COALESCE(`t6`.`product`, `t12`.`product`) AS `product`,
    COALESCE(`t6`.`value`, 0.0) AS `now`,
    COALESCE(`t12`.`before`, 0.0) AS `before`
  FROM (
    SELECT
      *
    FROM `t1` AS `t2`
    WHERE
      `t2`.`value` > 0
  ) AS `t6`
  INNER JOIN (
    SELECT
      *
    FROM (
      SELECT
        `t4`.`year`,
        LAG(`t4`.`year`) OVER (ORDER BY `t4`.`year` ASC NULLS LAST) AS `since`
      FROM (
        SELECT DISTINCT
          `t2`.`year`
        FROM `t1` AS `t2`
        WHERE
          `t2`.`value` > 0
      ) AS `t4`
    ) AS `t8`
    WHERE
      `t8`.`since` IS NOT NULL
  ) AS `t10`
    ON `t6`.`year` = `t10`.`year`
  FULL OUTER JOIN (
    SELECT
      `t10`.`year`,
      `t7`.`since`,
      `t7`.`exporter`,
      `t7`.`importer`,
      `t7`.`product`,
      `t7`.`value` AS `before`
    FROM (
      SELECT
        `t2`.`year` AS `since`,
        `t2`.`exporter`,
        `t2`.`importer`,
        `t2`.`product`,
        `t2`.`value`
      FROM `t1` AS `t2`
      WHERE
        `t2`.`value` > 0
    ) AS `t7`
    INNER JOIN (
      SELECT
        *
      FROM (
        SELECT
          `t4`.`year`,
          LAG(`t4`.`year`) OVER (ORDER BY `t4`.`year` ASC NULLS LAST) AS `since`
        FROM (
          SELECT DISTINCT
            `t2`.`year`
          FROM `t1` AS `t2`
          WHERE
            `t2`.`value` > 0
        ) AS `t4`
      ) AS `t8`
      WHERE
        `t8`.`since` IS NOT NULL
    ) AS `t10`
      ON `t7`.`since` = `t10`.`since`
  ) AS `t12`
    ON `t6`.`year` = `t12`.`year`
    AND `t10`.`since` = `t12`.`since`
    AND `t6`.`exporter` = `t12`.`exporter`
    AND `t6`.`importer` = `t12`.`importer`
    AND `t6`.`product` = `t12`.`product`
) AS `t13`
GROUP BY
  1,
  2,
  3
