import type { Connection } from '../sql/connection.ts'

const FILL = `INSERT INTO pattern_fts (pattern_id, pattern_name, description, tags, framework, pattern_type)
  SELECT id, coalesce(json_extract(metadata, '$.name'), ''), coalesce(json_extract(metadata, '$.description'), ''),
    coalesce((SELECT group_concat(value, ' ') FROM json_each(metadata, '$.tags')), ''), framework, pattern_type
  FROM test_patterns ORDER BY id`

/** Makes the text index anew from the test patterns; belongs into a transaction. Answers how many entries it has. */
export function rebuildTextIndex(connection: Connection): number {
  // What is inverted wrongly cannot even be deleted.
  connection.run("INSERT INTO pattern_fts (pattern_fts) VALUES ('rebuild')", [])
  connection.run('DELETE FROM pattern_fts', [])
  return connection.run(FILL, [])
}
