import type { Connection } from '../sql/connection.ts'

const NUMBER = 'INSERT INTO pattern_documents (pattern_id) SELECT id FROM test_patterns ORDER BY id'

const FILL = `INSERT INTO pattern_fts (pattern_id, pattern_name, description, tags, framework, pattern_type, docid)
  SELECT pattern.id, coalesce(json_extract(pattern.metadata, '$.name'), ''),
    coalesce(json_extract(pattern.metadata, '$.description'), ''),
    coalesce((SELECT group_concat(value, ', ') FROM json_each(pattern.metadata, '$.tags')), ''),
    pattern.framework, pattern.pattern_type, document.docid
  FROM pattern_documents AS document JOIN test_patterns AS pattern ON pattern.id = document.pattern_id
  ORDER BY document.docid`

/** Rebuilds the text index from the test patterns. Call it in a transaction. @returns the number of entries. */
export function rebuildTextIndex(connection: Connection): number {
  // Without 'rebuild', entries of a corrupt inverted index cannot be deleted.
  connection.run("INSERT INTO pattern_fts (pattern_fts) VALUES ('rebuild')", [])
  connection.run('DELETE FROM pattern_fts', [])
  connection.run('DELETE FROM pattern_documents', [])
  connection.run(NUMBER, [])
  return connection.run(FILL, [])
}
