/** Texts that could break a query of SQLite's full-text search if they became part of it. */
export const hostileTexts: { readonly [what: string]: readonly string[] } = {
  nothing: ['', ' ', '"', '""', '"""', '*', '* *', '-', '(', ')', '\\', '%', '***', '"'.repeat(9999)],
  operators: [
    'AND',
    'a AND',
    'NOT',
    'NEAR/2',
    'OR OR',
    '^a',
    'x:y',
    'pattern_id:api',
    'value:a',
    '{a b}',
    '"a',
    'a-b-c',
  ],
  SQL: ["'; DROP TABLE test_patterns; --", "' OR 1=1", 'a" OR "b'],
  'no English': ['\0', 'a\0b', '😀', '\ud800', 'größe', '漢字 漢*'],
  '10 kB': ['x'.repeat(10_000), 'y '.repeat(5000), 'z* '.repeat(3000), '"a b '.repeat(2500), '😀'.repeat(2500)],
  'many words': [Array.from({ length: 1000 }, (_, i) => `w${i}*`).join(' ')],
}
